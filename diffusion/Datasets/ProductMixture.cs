using System.Numerics;
using Sweep.Diffusion.Numerics;
using Sweep.Diffusion.Schedules;

namespace Sweep.Diffusion.Datasets;

/// <summary>
/// x = A s with independent one-dimensional mixtures s_i. log p(x) = sum_i log p_i((A^-1 x)_i) - log|det A|: a sum over factors, whose cost grows
/// with d, not with the product of the factors' components. Its score is A^-T times the factors' scores.
/// </summary>
internal sealed class ProductMixture : INoisableDensity
{
    /// <summary>The most component combinations that are ever written out.</summary>
    internal const int MaximumCombinations = 4096;

    private readonly GaussianMixture[] _factors;
    private readonly double[] _mixing;
    private readonly double[] _unmixing;
    private readonly double _logAbsDeterminant;

    /// <param name="factors">(d) one-dimensional mixtures with isotropic components.</param>
    /// <param name="mixing">A, (d, d) row-major.</param>
    /// <param name="unmixing">A^-1, (d, d) row-major.</param>
    /// <param name="logAbsDeterminant">log|det A|.</param>
    internal ProductMixture(GaussianMixture[] factors, double[] mixing, double[] unmixing, double logAbsDeterminant)
    {
        _factors = factors;
        _mixing = mixing;
        _unmixing = unmixing;
        _logAbsDeterminant = logAbsDeterminant;
    }

    public int Dimensions => _factors.Length;

    internal IReadOnlyList<GaussianMixture> Factors => _factors;

    /// <summary>A^-1, (d, d) row-major.</summary>
    internal ReadOnlySpan<double> Unmixing => _unmixing;

    internal double LogAbsDeterminant => _logAbsDeterminant;

    /// <summary>The number of combinations of one component per factor; <see cref="int.MaxValue"/> when it is larger.</summary>
    internal int Combinations =>
        _factors.Aggregate(1, (product, factor) => (int)Math.Min((long)product * factor.Components, int.MaxValue));

    public void LogDensity(ReadOnlySpan<double> points, Span<double> nats) => EvaluateAll(points, nats, []);

    public void Score(ReadOnlySpan<double> points, Span<double> scores) => EvaluateAll(points, [], scores);

    /// <summary>Noise in x is not independent in s, so this goes through <see cref="Expand"/>.</summary>
    public IDensity? Noised(NoiseLevel level) => Expand()?.Noised(level);

    /// <summary>
    /// The same density as one mixture, with a component per combination of the factors' components (that of factor 0 varies fastest);
    /// null beyond <see cref="MaximumCombinations"/>.
    /// </summary>
    internal GaussianMixture? Expand()
    {
        if (Combinations > MaximumCombinations)
            return null;
        int d = Dimensions, count = Combinations;
        double[] weights = new double[count], means = new double[count * d], covariances = new double[count * d * d];
        for (int combination = 0; combination < count; combination++)
        {
            weights[combination] = 1;
            for (int factor = 0, rest = combination; factor < d; rest /= _factors[factor].Components, factor++)
            {
                int k = rest % _factors[factor].Components;
                double std = Stds(factor)[k];
                weights[combination] *= _factors[factor].Weights[k];
                for (int i = 0; i < d; i++)
                {
                    double a = _mixing[(i * d) + factor];
                    means[(combination * d) + i] += a * _factors[factor].Means[k];
                    for (int j = 0; j < d; j++)
                        covariances[(((combination * d) + i) * d) + j] += a * _mixing[(j * d) + factor] * std * std;
                }
            }
        }

        return GaussianMixture.Full(weights, means, covariances);
    }

    /// <summary>Fills <paramref name="points"/> (n, d) with independent draws.</summary>
    internal void Sample(ref PhiloxStream stream, Span<double> points)
    {
        int d = Dimensions;
        double[] s = new double[d];
        for (int i = 0; i < points.Length; i += d)
        {
            for (int factor = 0; factor < d; factor++)
                _factors[factor].Sample(ref stream, s.AsSpan(factor, 1));
            Multiply(_mixing, s, points.Slice(i, d));
        }
    }

    /// <summary>s = A^-1 x of one point.</summary>
    internal void Unmix(ReadOnlySpan<double> x, Span<double> s) => Multiply(_unmixing, x, s);

    internal ReadOnlySpan<double> Stds(int factor) => ((IsotropicShapes)_factors[factor].Shapes).Stds;

    private static void Multiply(ReadOnlySpan<double> matrix, ReadOnlySpan<double> x, Span<double> result)
    {
        for (int i = 0; i < result.Length; i++)
        {
            double sum = 0;
            for (int j = 0; j < x.Length; j++)
                sum += matrix[(i * x.Length) + j] * x[j];
            result[i] = sum;
        }
    }

    private void EvaluateAll(ReadOnlySpan<double> points, Span<double> nats, Span<double> scores)
    {
        int d = Dimensions;
        DensityArguments.Check(points, d, nats, scores);
        bool wantScores = !scores.IsEmpty;
        Span<Vector<double>> x = new Vector<double>[d];
        Span<Vector<double>> sourceScores = wantScores ? new Vector<double>[d] : [];
        Span<Vector<double>> scratch = new Vector<double>[_factors.Max(f => f.ScratchVectors)];
        for (int first = 0; first < points.Length / d; first += PointLanes.Width)
        {
            PointLanes.Load(points, d, first, x);
            var logDensity = new Vector<double>(-_logAbsDeterminant);
            for (int i = 0; i < d; i++)
            {
                Vector<double> s = Vector<double>.Zero;
                for (int j = 0; j < d; j++)
                    s += new Vector<double>(_unmixing[(i * d) + j]) * x[j];
                logDensity += _factors[i].Evaluate([s], wantScores ? sourceScores.Slice(i, 1) : [], scratch);
            }

            if (!nats.IsEmpty)
                PointLanes.Store([logDensity], nats, 1, first);
            if (!wantScores)
                continue;
            for (int i = 0; i < d; i++)
            {
                x[i] = Vector<double>.Zero;
                for (int j = 0; j < d; j++)
                    x[i] += new Vector<double>(_unmixing[(j * d) + i]) * sourceScores[j];
            }

            PointLanes.Store(x, scores, d, first);
        }
    }
}
