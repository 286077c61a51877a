using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Numerics;

namespace Sweep.Diffusion.Metrics;

/// <summary>
/// How far samples on the line are from a known density: the Kullback-Leibler divergence, in nats, of the histogram of F(x) on 100 equal bins of [0, 1] from the uniform, F being the true distribution function, so that
/// every bin holds 1/100 of the truth: sum_b h_b ln(100 h_b). An empty bin adds nothing (h ln h tends to 0), so the measure is finite always, at most ln 100 = 4.6 where all samples lie in one bin. n independent true
/// samples score about 99 / 2n, 0.012 for n = 4096; evenly spaced true quantiles score 0. Mass beyond the outermost samples counts like any other: the outer bins are open.
/// </summary>
public sealed class EquiprobableKl
{
    private const int Bins = 100;

    private readonly double[] _weights;
    private readonly double[] _means;
    private readonly double[] _deviations;

    private EquiprobableKl(GaussianMixture truth)
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

    /// <summary>The measure for a density; null when its distribution function isn't known: more than one dimension, or no Gaussian mixture.</summary>
    public static EquiprobableKl? For(IDensity? truth) => truth switch
    {
        GaussianMixture { Dimensions: 1 } mixture => new EquiprobableKl(mixture),
        ProductMixture { Dimensions: 1 } product when product.Expand() is { } mixture => new EquiprobableKl(mixture),
        _ => null,
    };

    /// <param name="samples">At least one, all finite.</param>
    /// <returns>Nats.</returns>
    public double Of(ReadOnlySpan<double> samples)
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
