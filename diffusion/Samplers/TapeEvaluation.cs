using Sweep.Diffusion.Schedules;

namespace Sweep.Diffusion.Samplers;

/// <summary>One evaluation of a <see cref="SamplerTape"/>: its points are Added + the sum of the terms.</summary>
/// <param name="Level">The noise level of the points.</param>
/// <param name="Terms">Of what came before.</param>
/// <param name="Added">(d).</param>
public sealed record TapeEvaluation(NoiseLevel Level, IReadOnlyList<TapeTerm> Terms, double[] Added)
{
    /// <summary>The reverse step whose state these points are, with x0-hat the evaluation's answer; null: points in between.</summary>
    public int? Step { get; init; }

    /// <summary><see cref="ReverseState.Evaluations"/> of that state.</summary>
    public int Evaluations { get; init; }
}
