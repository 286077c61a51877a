using Sweep.Diffusion.Networks;

namespace Sweep.Diffusion.Training;

/// <summary>How one job of a batch ended: a network, or divergence.</summary>
public sealed record TrainingOutcome
{
    public TrainedNetwork? Network { get; init; }

    public DivergedException? Divergence { get; init; }

    /// <summary>The network.</summary>
    /// <exception cref="DivergedException">The job diverged.</exception>
    public TrainedNetwork Require() => Network ?? throw Divergence!;
}
