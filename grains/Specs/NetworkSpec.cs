namespace Sweep.Grains.Specs;

/// <summary>The resolved <c>network</c> section, with the trial's width.</summary>
public sealed record NetworkSpec
{
    /// <summary>
    /// A network that is trained (<see cref="Sweep.Diffusion.Networks.NetworkKinds"/>), or a reference denoiser (<see
    /// cref="Sweep.Diffusion.Networks.Reference.ReferenceKinds"/>), for which width, layers, activation and features mean nothing.
    /// </summary>
    public required string Kind { get; init; }

    public required int Width { get; init; }

    public required int HiddenLayers { get; init; }

    /// <summary><c>silu</c>, <c>relu</c>, <c>tanh</c> or <c>gelu</c>.</summary>
    public required string Activation { get; init; }

    public required int TimeFeatures { get; init; }

    /// <summary>Gaussians of a fitted <c>mixture</c>; null for 8.</summary>
    public int? Components { get; init; }

    /// <summary>Norm of the error added to an <c>exact</c> score over the score's own; null for none.</summary>
    public double? ScoreError { get; init; }
}
