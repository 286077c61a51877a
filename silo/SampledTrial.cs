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

    /// <summary>The sums of the distances between the samples and the test points, and among the samples, where a device took them.</summary>
    public (double Cross, double Own)? DistanceSums { get; init; }

    /// <summary>Denoiser evaluations per sample.</summary>
    public required int Evaluations { get; init; }
}
