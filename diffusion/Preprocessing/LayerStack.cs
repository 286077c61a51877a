using System.Globalization;
using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Numerics;

namespace Sweep.Diffusion.Preprocessing;

/// <summary>Fits layer after layer, each on the training points as the layers before it left them. Used by one thread.</summary>
internal sealed class LayerStack
{
    /// <summary>Training points on which the round trip is tried.</summary>
    private const int RoundTripRows = 4096;

    /// <summary>Above this many standard deviations of data per unit of latent, where a normal column has 1, the inverse is worth a warning.</summary>
    private const double SteepestInverse = 500;

    /// <summary>
    /// Contrasts of FastICA that differ by less, relatively, are of one optimum: that is how far the tolerance of its end leaves them apart, and some.
    /// </summary>
    private const double SameOptimum = 1e-4;

    private readonly PointSet _training;
    private readonly PointSet _points;
    private readonly List<IFittedLayer> _layers = [];
    private readonly List<string> _warnings = [];
    private readonly List<IcaStart> _starts = [];
    private bool _converged = true;

    /// <summary>The marginal inverses' largest slopes, multiplied over the layers: a bound, as the rotations in between keep lengths.</summary>
    private double _steepness = 1;

    /// <summary>Starts from a copy of the training points.</summary>
    /// <exception cref="PreprocessingException">They cannot be fitted.</exception>
    public LayerStack(PointSet training)
    {
        Whitening.Check(training);
        _training = training;
        _points = new PointSet([.. training.Values], training.Dimensions);
    }

    /// <summary>
    /// How flat a marginal map may get, in units of 1/sd. A layer loses as many digits as its smallest slope has, and layers multiply: so that the round trip
    /// keeps 1e-9 all of them together may cost 5 digits, half of it in the first layer, which meets the data's own gaps; behind it marginals are close to
    /// normal, and the bound rarely matters.
    /// </summary>
    public static double SmallestSlope(int layer, int layers) =>
        layers == 1 ? 1e-5 : Math.Pow(10, layer == 0 ? -3 : -2.0 / (layers - 1));

    /// <summary>The points as the layers so far left them; before the first with their columns' names, which no later layer's have.</summary>
    private PointSet Current => _layers.Count == 0 ? _training : _points;

    /// <summary>Adds principal-component whitening.</summary>
    public void Whiten() => Add(Whitening.Fit(Current).Map(null));

    /// <summary>Adds whitening and a uniformly random rotation.</summary>
    public void Rotate(ulong seed) =>
        Add(Whitening.Fit(Current).Map(Rotations.Random(_points.Dimensions, seed, _layers.Count)));

    /// <summary>
    /// Adds whitening and FastICA. Independent components have no order and no sign of their own, so those of the whole map are made
    /// canonical: rows by decreasing |column 0|, signs so that column 0 is positive. Different starting rotations that end in the same solution then give the
    /// same map (to the tolerance of the fixed point).
    /// </summary>
    public void UnmixIndependent(FastIcaOptions options, ulong seed, FitProgress progress, CancellationToken cancellationToken)
    {
        int d = _points.Dimensions;
        var whitening = Whitening.Fit(Current);
        FastIcaResult ica = FastIca.Fit(whitening.Components(_points), d, options, seed, _layers.Count, progress, cancellationToken);
        _starts.AddRange(ica.Starts);
        if (!ica.Kept.Converged)
        {
            _converged = false;
            _warnings.Add(
                $"layer {_layers.Count}: FastICA did not converge in {ica.Kept.Iterations} iterations; its best iterate is used. Normal components have no "
                + $"directions to find.");
        }

        if (ica.Starts.Any(s => s.Screened))
            _warnings.Add(
                $"layer {_layers.Count}: only the best of FastICA's {ica.Starts.Count} starts was run to its end, after "
                + $"{ica.Starts.Max(s => s.Screened ? s.Iterations : 0)} iterations of each.");
        else if (Optima(ica.Starts) is { Count: > 1 } optima)
            _warnings.Add($"layer {_layers.Count}: FastICA's {ica.Starts.Count} starts ended at contrasts {string.Join(", ", optima)}; the largest is used.");

        double[] loadings = whitening.FirstLoadings(ica.Rotation);
        var rotation = new double[d * d];
        int row = 0;
        foreach (int r in Enumerable.Range(0, d).OrderByDescending(r => Math.Abs(loadings[r])))
        {
            double sign = loadings[r] < 0 ? -1 : 1;
            for (int k = 0; k < d; k++)
                rotation[(row * d) + k] = sign * ica.Rotation[(r * d) + k];
            row++;
        }

        Add(whitening.Map(rotation));
    }

    /// <summary>Adds the marginal Gaussianization of every coordinate.</summary>
    /// <param name="bandwidth">The kernels' width.</param>
    /// <param name="smallestSlope">The bound on dz/dx from below, in units of 1/sd; see <see cref="SmallestSlope"/>.</param>
    /// <param name="progress">Told once a column.</param>
    /// <param name="cancellationToken">Looked at once a column.</param>
    public void Gaussianize(Bandwidth bandwidth, double smallestSlope, FitProgress progress, CancellationToken cancellationToken)
    {
        int d = _points.Dimensions, n = _points.Count;
        var tables = new RationalQuadraticSpline[d];
        var column = new double[n];
        double steepest = 1;
        for (int j = 0; j < d; j++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            progress.Report((double)j / d);
            for (int i = 0; i < n; i++)
                column[i] = _points.Values[(i * d) + j];
            Array.Sort(column);
            double h = bandwidth.For(column, out bool fellBack);
            tables[j] = KdeGaussianization.Build(column, h, smallestSlope, out bool plateau);
            if (fellBack)
                _warnings.Add(
                    $"layer {_layers.Count}, component {j}: the improved Sheather-Jones rule has no bandwidth for it (ties or few points); "
                    + $"{Bandwidth.FallbackFactor} of Silverman's is used.");
            steepest = Math.Max(steepest, tables[j].Slope.Max() / KdeGaussianization.StandardDeviation(column));
            if (plateau)
                _warnings.Add(
                    $"layer {_layers.Count}, component {j}: modes too far apart for the bandwidth {h:g3}; the slope in between is bounded by a straight line.");
        }

        _steepness *= steepest;

        Add(new MarginalLayer(tables));
    }

    public void Add(IFittedLayer layer)
    {
        layer.Forward(_points.Values);
        _layers.Add(layer);
    }

    public FittedPreprocessing Finish(string kind)
    {
        int d = _training.Dimensions;
        int rows = Math.Min(_training.Count, RoundTripRows);
        double error = 0;
        if (_layers.Count > 0)
        {
            double[] back = _points.Values[..(rows * d)];
            for (int l = _layers.Count - 1; l >= 0; l--)
                _layers[l].Inverse(back);
            var (_, deviation) = Whitening.Moments(_training);
            for (int i = 0; i < back.Length; i++)
                error = Math.Max(error, Math.Abs(back[i] - _training.Values[i]) / (Math.Abs(_training.Values[i]) + deviation[i % d]));
        }

        if (_steepness > SteepestInverse)
        {
            _warnings.Add(
                $"The inverse is ill-conditioned: where hardly any points lie between modes, a latent error of 0.001 moves a point by up to "
                    + $"{Readable(0.001 * _steepness)} standard deviations.");
        }

        return new FittedPreprocessing(
            kind, d, _layers, new PreprocessingDiagnostics { Converged = _converged, RoundTripError = error, Warnings = _warnings, IcaStarts = _starts });
    }

    /// <summary>The ends of the starts by their contrast, the largest first; those of one optimum as one.</summary>
    private static List<string> Optima(IReadOnlyList<IcaStart> starts)
    {
        List<string> optima = [];
        double[] contrasts = [.. starts.Select(s => s.Contrast).OrderDescending()];
        for (int first = 0, next; first < contrasts.Length; first = next)
        {
            next = first + 1;
            while (next < contrasts.Length && contrasts[next] >= contrasts[next - 1] * (1 - SameOptimum))
                next++;
            optima.Add(string.Create(CultureInfo.InvariantCulture, $"{contrasts[first]:G5}{(next == first + 1 ? "" : $" ({next - first} starts)")}"));
        }

        return optima;
    }

    private static string Readable(double value) => value.ToString(value < 10 ? "0.#" : "0", CultureInfo.InvariantCulture);
}
