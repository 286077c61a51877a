using System.Numerics;
using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Numerics;
using Sweep.Diffusion.Schedules;

namespace Sweep.Diffusion.Networks.Reference;

/// <summary>
/// A denoiser whose score is wrong by a smooth random field of known size: what a network of finite capacity does to a sampler, without the network. With y = x
/// / a, sigma = s / a and the inner denoiser D it returns D(y, sigma) + r G(sigma) u(y, sigma), where
/// <list type="bullet">
/// <item>r is the relative size,</item>
/// <item>G(sigma) is the root mean square of a coordinate of D(y, sigma) - y over 512 noisy training points, so that r is the error's norm over the score's at
/// every noise level (the score is (D - y) / sigma^2), in expectation over the field,</item>
/// <item>u_j = sqrt(2 / 64) sum_m cos(w_jm . z + v_jm ln sigma + b_jm) are independent Gaussian fields of variance 1 but for the finite number of features
/// (random Fourier features: Rahimi and Recht, NIPS 2007), z = (y - mean) / sqrt(sigma^2 + variance) being the noisy point in units of its spread, w ~ N(0, I /
/// d), v ~ N(0, 1), b uniform on a turn: correlation lengths of one spread and one e-fold of sigma.</item>
/// </list>
/// The field is a function of the seed alone. The result of a row doesn't depend on the rows around it. Not thread-safe.
/// </summary>
public sealed class ScoreErrorDenoiser : IDenoiser
{
    private const int Features = 64;
    private const int Probes = 512;

    /// <summary>Sizes kept at most: a sampler's levels, and those of an adaptive solver, in part.</summary>
    private const int MaxSizes = 4096;

    private readonly IDenoiser _inner;
    private readonly double _relativeSize;
    private readonly double[] _mean;
    private readonly double _variance;
    private readonly double[] _probes;
    private readonly double[] _probeNoise;
    private readonly Dictionary<NoiseLevel, double> _sizes = [];

    /// <summary>w, row-major (d, features, d).</summary>
    private readonly double[] _frequencies;

    /// <summary>v, row-major (d, features).</summary>
    private readonly double[] _levelFrequencies;

    /// <summary>b, row-major (d, features), radians.</summary>
    private readonly double[] _phases;

    /// <param name="inner">The denoiser without the error.</param>
    /// <param name="points">Training points in its space: where the score's size is measured.</param>
    /// <param name="relativeSize">r, at least 0.</param>
    /// <param name="seed">The trial's.</param>
    /// <exception cref="ArgumentException">No points, or a size below 0.</exception>
    public ScoreErrorDenoiser(IDenoiser inner, PointSet points, double relativeSize, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(inner);
        if (!(relativeSize >= 0) || !double.IsFinite(relativeSize))
            throw new ArgumentException($"relative size: {relativeSize}; allowed: a finite number of at least 0", nameof(relativeSize));
        var (mean, covariance) = PointMoments.Of(points);
        int d = points.Dimensions;
        _inner = inner;
        _relativeSize = relativeSize;
        _mean = mean;
        _variance = covariance.Trace() / d;
        _probes = points.Values[..(Math.Min(Probes, points.Count) * d)];
        _probeNoise = new double[_probes.Length];
        NormalNoise.Fill(_probeNoise, seed, NoisePurpose.ScoreError, step: 1, firstRow: 0, d);

        var stream = new PhiloxStream(seed, NoisePurpose.ScoreError);
        _frequencies = new double[d * Features * d];
        _levelFrequencies = new double[d * Features];
        _phases = new double[d * Features];
        stream.FillNormal(_frequencies);
        stream.FillNormal(_levelFrequencies);
        for (int i = 0; i < _frequencies.Length; i++)
            _frequencies[i] /= Math.Sqrt(d);
        for (int i = 0; i < _phases.Length; i++)
            _phases[i] = 2 * Math.PI * stream.NextDouble();
    }

    public int Dimensions => _inner.Dimensions;

    /// <inheritdoc/>
    public void Denoise(ReadOnlySpan<double> x, NoiseLevel level, Span<double> x0Hat)
    {
        _inner.Denoise(x, level, x0Hat);
        if (level.Noise == 0 || _relativeSize == 0)
            return;
        int d = Dimensions;
        var scale = new Vector<double>(_relativeSize * Size(level) * Math.Sqrt(2.0 / Features));
        var spread = new Vector<double>(1 / Math.Sqrt((level.Sigma * level.Sigma) + _variance));
        var signal = new Vector<double>(1 / level.Signal);
        double lnSigma = Math.Log(level.Sigma);
        Span<Vector<double>> z = new Vector<double>[d], error = new Vector<double>[d];
        for (int first = 0; first < x.Length / d; first += PointLanes.Width)
        {
            PointLanes.Load(x, d, first, z);
            PointLanes.Load(x0Hat, d, first, error);
            for (int j = 0; j < d; j++)
                z[j] = ((z[j] * signal) - new Vector<double>(_mean[j])) * spread;
            for (int j = 0; j < d; j++)
                error[j] += scale * Field(j, z, lnSigma);
            PointLanes.Store(error, x0Hat, d, first);
        }
    }

    /// <summary>The sum of the features of coordinate j.</summary>
    private Vector<double> Field(int j, ReadOnlySpan<Vector<double>> z, double lnSigma)
    {
        int d = z.Length;
        Vector<double> sum = Vector<double>.Zero;
        for (int m = j * Features; m < (j + 1) * Features; m++)
        {
            var turn = new Vector<double>((_levelFrequencies[m] * lnSigma) + _phases[m]);
            for (int k = 0; k < d; k++)
                turn += new Vector<double>(_frequencies[(m * d) + k]) * z[k];
            sum += Vector.Cos(turn);
        }

        return sum;
    }

    /// <summary>G(sigma).</summary>
    private double Size(NoiseLevel level)
    {
        if (_sizes.TryGetValue(level, out double known))
            return known;
        double[] noisy = new double[_probes.Length], clean = new double[_probes.Length];
        for (int i = 0; i < noisy.Length; i++)
            noisy[i] = (level.Signal * _probes[i]) + (level.Noise * _probeNoise[i]);
        _inner.Denoise(noisy, level, clean);
        double squares = 0;
        for (int i = 0; i < noisy.Length; i++)
            squares += (clean[i] - (noisy[i] / level.Signal)) * (clean[i] - (noisy[i] / level.Signal));
        double size = Math.Sqrt(squares / noisy.Length);
        if (_sizes.Count < MaxSizes)
            _sizes[level] = size;
        return size;
    }
}
