namespace Sweep.Grains.Comparison.Report;

/// <summary>
/// Pictures of an image dataset: real ones that training did not see, and what the trials of the first seed generated. A pixel is a byte, 0 for <see
/// cref="Low"/> and 255 for <see cref="High"/>, in base64 without line breaks.
/// </summary>
public sealed record SamplesSection
{
    /// <summary>The dataset's label.</summary>
    public required string Dataset { get; init; }

    /// <summary>Pixels in a row and in a column.</summary>
    public required int Side { get; init; }

    /// <summary>Least pixel of the real pictures; lower ones are shown as it.</summary>
    public required double Low { get; init; }

    public required double High { get; init; }

    /// <summary>(count, side, side) bytes.</summary>
    public required string Real { get; init; }

    /// <summary>One for each group whose artifacts were found, in the report's order.</summary>
    public required IReadOnlyList<GroupPictures> Groups { get; init; }
}
