namespace Sweep.Client.Report;

/// <summary>
/// Pictures of one trial beside real ones that training did not see. A pixel is a byte, 0 for <see cref="Low"/> and 255 for <see cref="High"/>, in base64
/// without line breaks.
/// </summary>
/// <param name="Dataset">The dataset's label.</param>
/// <param name="Side">Pixels in a row and in a column.</param>
/// <param name="Low">Least pixel of the real pictures; lower ones are shown as it.</param>
/// <param name="High">Greatest pixel of the real pictures.</param>
/// <param name="Real">(count, side, side) bytes.</param>
/// <param name="Images">The same of what the trial generated; null where its samples are not here, or not yet.</param>
internal sealed record TrialPictures(string Dataset, int Side, double Low, double High, string Real, string? Images);
