namespace Sweep.Diffusion.Diagnostics;

/// <summary>Negative log-likelihoods of data under a denoiser's probability flow, in data space.</summary>
public sealed record FlowLikelihoodResult
{
    /// <summary>Of each point, in nats.</summary>
    public required IReadOnlyList<double> NegativeLogLikelihoodsNats { get; init; }

    public required int Dimensions { get; init; }

    /// <summary>Standard error of the mean that comes from the random directions of the divergence alone; 0 when it was taken along every axis.</summary>
    public required double DivergenceStandardErrorNats { get; init; }

    /// <summary>Denoised rows per point.</summary>
    public required double EvaluationsPerPoint { get; init; }

    public double MeanNats => NegativeLogLikelihoodsNats.Average();

    public double BitsPerDimension => MeanNats / (Dimensions * Math.Log(2));

    /// <summary>Standard error of the mean over points, in nats, that of the random directions included; NaN for one point.</summary>
    public double StandardErrorNats
    {
        get
        {
            double mean = MeanNats, n = NegativeLogLikelihoodsNats.Count;
            return Math.Sqrt(NegativeLogLikelihoodsNats.Sum(v => (v - mean) * (v - mean)) / (n - 1) / n);
        }
    }
}
