namespace Sweep.Silo.Diagnostics;

/// <summary>The validation losses of a trial's training, beside L*.</summary>
/// <param name="Steps">After which training steps, from 0.</param>
/// <param name="Rows">After each of them, the loss of every row.</param>
/// <param name="Least">Of every row, by the model whose mean is L*.</param>
/// <param name="Reference">What that model is, where it is a run and not the exact denoiser; otherwise null.</param>
internal sealed record MeasuredLosses(IReadOnlyList<int> Steps, IReadOnlyList<float[]> Rows, float[] Least, string? Reference);
