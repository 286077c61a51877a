using Sweep.Diffusion.Datasets;

namespace Sweep.Diffusion.Networks.Reference;

/// <summary>A Gaussian mixture fitted to points by <see cref="ExpectationMaximization"/>.</summary>
public sealed record MixtureFit
{
    public required GaussianMixture Mixture { get; init; }

    /// <summary>Mean log-likelihood of the points, in nats per point, before each update and after the last: never falls by more than rounding.</summary>
    public required IReadOnlyList<double> LogLikelihoods { get; init; }

    /// <summary>False when the updates ran out first.</summary>
    public required bool Converged { get; init; }

    /// <summary>The fit as a denoiser.</summary>
    public ExactDenoiser CreateDenoiser() => new(Mixture);
}
