using System.Numerics;
using Sweep.Diffusion.Numerics;
using Sweep.Diffusion.Schedules;

namespace Sweep.Diffusion.Datasets;

/// <summary>
/// A mixture of K Gaussians over R^d: log p(x) = log sum_k w_k N(x; mean_k, C_k), by log-sum-exp. Isotropic covariances take a fast path; others go
/// through their Cholesky factors. Coordinates beyond 1e140 in size count as 1e140; where a coordinate is not finite the log-density and the score are NaN.
/// </summary>
public sealed class GaussianMixture : INoisableDensity
{
    private readonly IComponentShapes _shapes;
    private readonly VectorPath _path;
    private readonly double[] _weights;
    private readonly double[] _logCoefficients;
    private readonly double[] _cumulative;
    private readonly IsotropicMixture? _isotropic;
    private readonly SingleMixture? _single;

    private GaussianMixture(double[] weights, IComponentShapes shapes, VectorPath path)
    {
        _weights = weights;
        _shapes = shapes;
        _path = path;
        _logCoefficients = new double[weights.Length];
        _cumulative = new double[weights.Length];
        double sum = 0;
        for (int k = 0; k < weights.Length; k++)
        {
            _logCoefficients[k] = Math.Log(weights[k]) + shapes.LogNormalizers[k];
            _cumulative[k] = sum += weights[k];
        }

        if (shapes is not IsotropicShapes isotropic)
            return;
        _isotropic = IsotropicMixture.Create(isotropic.Means, isotropic.Stds, _logCoefficients, path);
        _single = SingleMixture.Create(isotropic.Means, isotropic.Stds, _logCoefficients, path);
    }

    public int Dimensions => _shapes.Dimensions;

    public int Components => _weights.Length;

    /// <summary>(K), summing to 1.</summary>
    public IReadOnlyList<double> Weights => _weights;

    /// <summary>(K, d) row-major.</summary>
    public ReadOnlySpan<double> Means => _shapes.Means;

    /// <summary>Vectors of scratch that <see cref="Evaluate"/> needs.</summary>
    internal int ScratchVectors => Components + _shapes.ScratchVectors;

    internal IComponentShapes Shapes => _shapes;

    /// <summary>(K): log weight and log of the normalising constant.</summary>
    internal ReadOnlySpan<double> LogCoefficients => _logCoefficients;

    /// <summary>A mixture of N(mean_k, std_k^2 I).</summary>
    /// <param name="weights">(K), greater than 0; only their ratios count.</param>
    /// <param name="means">(K, d) row-major.</param>
    /// <param name="stds">(K), greater than 0.</param>
    /// <exception cref="ArgumentException">The shapes do not fit together, or a number is outside its range.</exception>
    public static GaussianMixture Isotropic(double[] weights, double[] means, double[] stds) => Isotropic(weights, means, stds, VectorPaths.Best);

    internal static GaussianMixture Isotropic(double[] weights, double[] means, double[] stds, VectorPath path)
    {
        double[] normalized = Normalize(weights, means, out int dimensions);
        if (stds.Length != weights.Length || stds.Any(s => !(s > 0) || !double.IsFinite(s)))
            throw new ArgumentException("every component needs one finite standard deviation greater than 0", nameof(stds));
        return new GaussianMixture(normalized, new IsotropicShapes((double[])means.Clone(), (double[])stds.Clone(), dimensions), path);
    }

    /// <summary>A mixture of N(mean_k, C_k).</summary>
    /// <param name="weights">(K), greater than 0; only their ratios count.</param>
    /// <param name="means">(K, d) row-major.</param>
    /// <param name="covariances">(K, d, d) row-major, symmetric positive definite.</param>
    /// <exception cref="ArgumentException">The shapes do not fit together, or a number is outside its range.</exception>
    public static GaussianMixture Full(double[] weights, double[] means, double[] covariances)
    {
        double[] normalized = Normalize(weights, means, out int dimensions);
        if (covariances.Length != means.Length * dimensions)
            throw new ArgumentException($"{covariances.Length} covariance entries; allowed: {means.Length * dimensions}", nameof(covariances));
        return new GaussianMixture(normalized, new CholeskyShapes((double[])means.Clone(), (double[])covariances.Clone(), dimensions), VectorPaths.Best);
    }

    /// <summary>The exact density of Signal x + Noise epsilon: again a mixture with the same weights.</summary>
    public GaussianMixture Noised(NoiseLevel level) => new(_weights, _shapes.Noised(level), _path);

    IDensity INoisableDensity.Noised(NoiseLevel level) => Noised(level);

    public void LogDensity(ReadOnlySpan<double> points, Span<double> nats) => EvaluateAll(points, nats, []);

    /// <summary>
    /// The log-density in fp32, at thrice the speed: for means over many points, such as a curve's. False where there is no such way: a covariance is not
    /// isotropic, or an answer is not finite (a point is too far out for fp32, or no number).
    /// </summary>
    /// <param name="points">(n, d) row-major.</param>
    /// <param name="nats">(n), to 1e-6 of 1 + the squared distance to the nearest component in its standard deviations; of no meaning where false is
    /// returned.</param>
    public bool TryLogDensity(ReadOnlySpan<float> points, Span<float> nats)
    {
        if (points.Length != nats.Length * Dimensions)
            throw new ArgumentException($"{nats.Length} log-densities for {points.Length} values; allowed: one for each {Dimensions}", nameof(nats));
        return _single is not null && _single.LogDensity(points, nats);
    }

    public void Score(ReadOnlySpan<double> points, Span<double> scores) => EvaluateAll(points, [], scores);

    /// <summary>Both at little more than the price of the score.</summary>
    /// <param name="points">(n, d) row-major.</param>
    /// <param name="nats">(n).</param>
    /// <param name="scores">(n, d) row-major.</param>
    public void LogDensityAndScore(ReadOnlySpan<double> points, Span<double> nats, Span<double> scores) => EvaluateAll(points, nats, scores);

    /// <summary>Fills <paramref name="points"/> (n, d) with independent draws.</summary>
    public void Sample(ref PhiloxStream stream, Span<double> points)
    {
        for (int i = 0; i < points.Length; i += Dimensions)
        {
            Span<double> point = points.Slice(i, Dimensions);
            int component = SampleComponent(ref stream);
            stream.FillNormal(point);
            _shapes.Shape(component, point);
        }
    }

    /// <summary>
    /// Log-density, and the score where <paramref name="score"/> (d) is not empty, of one vector of points. Scratch needs <see cref="ScratchVectors"/>.
    /// </summary>
    internal Vector<double> Evaluate(ReadOnlySpan<Vector<double>> x, Span<Vector<double>> score, Span<Vector<double>> scratch)
    {
        Span<Vector<double>> terms = scratch[..Components];
        scratch = scratch[Components..];
        _shapes.HalfSquaredDistances(x, terms, scratch);

        var largest = new Vector<double>(double.NegativeInfinity);
        for (int k = 0; k < terms.Length; k++)
        {
            terms[k] = new Vector<double>(_logCoefficients[k]) - terms[k];
            largest = Vector.Max(largest, terms[k]);
        }

        Vector<double> sum = Vector<double>.Zero;
        for (int k = 0; k < terms.Length; k++)
        {
            terms[k] = Vector.Exp(terms[k] - largest);
            sum += terms[k];
        }

        if (!score.IsEmpty)
        {
            score.Clear();
            _shapes.AddScores(x, terms, score, scratch);
            for (int j = 0; j < score.Length; j++)
                score[j] /= sum;
        }

        return largest + Vector.Log(sum);
    }

    private static double[] Normalize(double[] weights, double[] means, out int dimensions)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(means);
        if (weights.Length == 0 || means.Length == 0 || means.Length % weights.Length != 0)
            throw new ArgumentException($"{means.Length} mean coordinates for {weights.Length} weights; allowed: a row per weight", nameof(means));
        if (weights.Any(w => !(w > 0) || !double.IsFinite(w)) || means.Any(m => !double.IsFinite(m)))
            throw new ArgumentException("weights must be greater than 0 and means finite", nameof(weights));
        dimensions = means.Length / weights.Length;
        double total = weights.Sum();
        return Array.ConvertAll(weights, w => w / total);
    }

    private void EvaluateAll(ReadOnlySpan<double> points, Span<double> nats, Span<double> scores)
    {
        int d = Dimensions;
        DensityArguments.Check(points, d, nats, scores);
        if (_isotropic is not null)
        {
            _isotropic.Evaluate(points, nats, scores);
            return;
        }

        Span<Vector<double>> x = new Vector<double>[(2 * d) + ScratchVectors];
        Span<Vector<double>> score = scores.IsEmpty ? [] : x.Slice(d, d);
        Span<Vector<double>> scratch = x[(2 * d)..];
        x = x[..d];
        for (int first = 0; first < points.Length / d; first += PointLanes.Width)
        {
            PointLanes.Load(points, d, first, x);
            Vector<double> logDensity = Evaluate(x, score, scratch);
            if (!nats.IsEmpty)
                PointLanes.Store([logDensity], nats, 1, first);
            if (!scores.IsEmpty)
                PointLanes.Store(score, scores, d, first);
        }
    }

    private int SampleComponent(ref PhiloxStream stream)
    {
        // The last cumulative weight may miss 1 by a rounding error.
        int index = Array.BinarySearch(_cumulative, stream.NextDouble() * _cumulative[^1]);
        return Math.Min(index < 0 ? ~index : index, Components - 1);
    }
}
