using Sweep.Diffusion.Numerics;

namespace Sweep.Diffusion.Metrics;

/// <summary>
/// The mean true log-density of samples. It can be gamed by collapsing onto modes: never report it without a distance beside it.
/// </summary>
/// <param name="Nats">The mean, in nats; NaN when any sample's log-density is not finite, for a mean over the rest would hide a diverged sampler.</param>
/// <param name="NonFinite">How many samples' log-densities are not finite: the reason for a NaN.</param>
/// <param name="Samples">How many samples there were.</param>
public readonly record struct MeanLogLikelihood(double Nats, int NonFinite, int Samples)
{
    /// <param name="nats">(n) log-densities of the samples, n at least 1; NaN where a sample is not finite, as IDensity gives them.</param>
    /// <exception cref="ArgumentException">There are no samples.</exception>
    public static MeanLogLikelihood Of(ReadOnlySpan<double> nats)
    {
        int samples = MetricRows.Count(nats, 1, 1, nameof(nats));
        if (LaneSum.Of(nats) is var sum && double.IsFinite(sum))
            return new MeanLogLikelihood(sum / samples, 0, samples);

        // Some are not finite, or their sum isn't.
        int nonFinite = 0;
        double mean = 0;
        for (int i = 0; i < nats.Length; i++)
        {
            if (double.IsFinite(nats[i]))
                mean += (nats[i] - mean) / (i + 1 - nonFinite);
            else
                nonFinite++;
        }

        return new MeanLogLikelihood(nonFinite == 0 ? mean : double.NaN, nonFinite, samples);
    }

    /// <param name="nats">(n) finite log-densities, n at least 1.</param>
    /// <exception cref="ArgumentException">There are no samples.</exception>
    public static MeanLogLikelihood Of(ReadOnlySpan<float> nats)
    {
        if (nats.IsEmpty)
            throw new ArgumentException("0 log-densities; allowed: at least 1", nameof(nats));
        return new MeanLogLikelihood(LaneSum.Of(nats) / nats.Length, 0, nats.Length);
    }
}
