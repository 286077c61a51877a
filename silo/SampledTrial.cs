using Sweep.Diffusion.Datasets;

namespace Sweep.Silo;

/// <summary>What reverse sampling left, in data space.</summary>
internal sealed record SampledTrial
{
    /// <summary>The final samples.</summary>
    public required PointSet Samples { get; init; }

    /// <summary>Mean log-density per reverse step, nats; empty where the density is not known; NaN where a sample was not finite.</summary>
    public required double[] LogLikelihood { get; init; }

    /// <summary>The same of x0-hat.</summary>
    public required double[] LogLikelihoodX0 { get; init; }

    /// <summary>Final samples without a finite log-density.</summary>
    public required int NonFinite { get; init; }

    /// <summary>Denoiser evaluations per sample.</summary>
    public required int Evaluations { get; init; }
}
