using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Numerics;

namespace Sweep.Diffusion.Metrics;

/// <summary>
/// 100 equal bins of [0, 1] for F(x), F being the distribution function of a known density on the line, so that the truth fills every bin equally. How far
/// samples are from it is the Kullback-Leibler divergence of their histogram from the uniform: sum_b h_b ln(100 h_b), nats. An empty bin adds nothing (h ln h
/// tends to 0), so it is finite always, at most ln 100 = 4.6 where all samples lie in one bin. n independent true samples score about 99 / 2n, 0.012 for n =
/// 4096; evenly spaced true quantiles score 0. Mass beyond the outermost samples counts like any other: the outer bins are open.
/// </summary>
public sealed class EquiprobableBins
{
    private const int Bins = 100;

    private readonly double[] _weights;
    private readonly double[] _means;
    private readonly double[] _deviations;

    private EquiprobableBins(GaussianMixture truth)
    {
        _weights = [.. truth.Weights];
        _means = truth.Means.ToArray();
        _deviations = new double[truth.Components];
        var variance = new double[1];
        for (int k = 0; k < _deviations.Length; k++)
        {
            truth.Shapes.Covariance(k, variance);
            _deviations[k] = Math.Sqrt(variance[0]);
        }
    }

    /// <summary>The bins of a density; null when its distribution function isn't known: more than one dimension, or no Gaussian mixture.</summary>
    public static EquiprobableBins? For(IDensity? truth) => truth switch
    {
        GaussianMixture { Dimensions: 1 } mixture => new EquiprobableBins(mixture),
        ProductMixture { Dimensions: 1 } product when product.Expand() is { } mixture => new EquiprobableBins(mixture),
        _ => null,
    };

    /// <param name="samples">At least one, all finite.</param>
    /// <returns>Nats.</returns>
    public double Kl(ReadOnlySpan<double> samples)
    {
        if (samples.IsEmpty)
            throw new ArgumentException("samples: 0; allowed: at least 1", nameof(samples));
        var counts = new int[Bins];
        foreach (double x in samples)
            counts[Math.Clamp((int)(Bins * Cdf(x)), 0, Bins - 1)]++;
        double nats = 0;
        foreach (int count in counts)
        {
            double share = (double)count / samples.Length;
            nats += share > 0 ? share * Math.Log(Bins * share) : 0;
        }

        return nats;
    }

    private double Cdf(double x)
    {
        double sum = 0;
        for (int k = 0; k < _weights.Length; k++)
            sum += _weights[k] * StandardNormal.Cdf((x - _means[k]) / _deviations[k]);
        return sum;
    }
}
