using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Numerics;
using Sweep.Diffusion.Preprocessing;
using Sweep.Diffusion.Schedules;

namespace Sweep.Diffusion.Diagnostics;

/// <summary>
/// The likelihood that a denoiser's probability flow gives to data (Song et al., arXiv 2011.13456, eq. 39 and appendix D.2). With y = x / a and t = ln sigma
/// the flow is dy/dt = y - D(y, sigma) (Karras et al., arXiv 2206.00364, eq. 1 and 3), so log p(y_0) = log N(y_T; 0, sigma_max^2 I) + the integral of d - tr
/// dD/dy over t. Between clean data and sigma_min the flow is its expansion to second order in sigma, taken at sigma_min: y moves by (y - D) / 2 and the
/// log-density by (d - tr dD/dy) / 2. The density at sigma_max is the sampler's starting noise, so data off the origin by m lose up to about |m| |y_T| /
/// sigma_max^2 nats, as they do in sampling (0.03 for |m| = 2.3 and sigma_max = 80).
/// <para>Derivatives of D are central differences: along every axis up to 16 dimensions; beyond, along random signs v fixed for the whole path, tr dD/dy = E
/// v^T dD/dy v (Hutchinson 1990; Grathwohl et al., arXiv 1810.01367). Not thread-safe, as the denoiser isn't.</para>
/// </summary>
public sealed class FlowLikelihood
{
    private readonly IDenoiser _denoiser;
    private readonly ISchedule _schedule;
    private readonly NoiseRange _range;
    private readonly FlowLikelihoodOptions _options;
    private readonly int _directions;
    private readonly DormandPrince _solver;

    /// <param name="denoiser">Of latent points.</param>
    /// <param name="schedule">Gives the range of sigma and each level's signal.</param>
    /// <param name="options">How to compute; the defaults when null.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public FlowLikelihood(IDenoiser denoiser, ISchedule schedule, FlowLikelihoodOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(denoiser);
        _denoiser = denoiser;
        _schedule = schedule;
        _range = NoiseRange.Of(schedule);
        _options = options ?? new FlowLikelihoodOptions();
        if (_options.Probes < 2)
            throw new ArgumentException($"probes: {_options.Probes}; allowed: at least 2", nameof(options));
        if (!(_options.Tolerance > 0 && _options.DifferenceStep > 0 && _options.RowsPerBlock > 0 && _options.MaximumSteps > 0))
            throw new ArgumentException($"likelihood options: {_options}; allowed: numbers above 0", nameof(options));
        _directions = IsExact ? Dimensions : _options.Probes;
        _solver = new DormandPrince { AbsoluteTolerance = _options.Tolerance, RelativeTolerance = _options.Tolerance, MaximumSteps = _options.MaximumSteps };
    }

    private int Dimensions => _denoiser.Dimensions;

    private bool IsExact => Dimensions <= _options.ExactUpToDimensions;

    /// <summary>Columns of the log-density in a system's row: one per random direction, else one.</summary>
    private int Sums => IsExact ? 1 : _options.Probes;

    /// <param name="data">Points in data space, at least one.</param>
    /// <param name="preprocessing">The map to the denoiser's space; its log|det J| is added.</param>
    /// <param name="seed">Of the random directions.</param>
    /// <param name="cancellationToken">Looked at before every step.</param>
    /// <exception cref="OdeException">The flow could not be solved: usually a denoiser that diverged.</exception>
    public FlowLikelihoodResult Evaluate(PointSet data, IFittedPreprocessing preprocessing, ulong seed, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(preprocessing);
        if (data.Count == 0 || data.Dimensions != Dimensions)
            throw new ArgumentException($"{data.Count} points of {data.Dimensions} dimensions; allowed: at least 1 of {Dimensions}", nameof(data));
        int d = Dimensions, n = data.Count;
        double[] latent = new double[n * d], determinants = new double[n], nats = new double[n];
        preprocessing.Forward(data.Values, latent);
        preprocessing.LogAbsDeterminant(data.Values, determinants);
        double variance = 0, evaluations = 0;
        for (int first = 0; first < n; first += _options.RowsPerBlock)
        {
            int rows = Math.Min(_options.RowsPerBlock, n - first);
            double[] state = Solve(latent.AsSpan(first * d, rows * d), Directions(rows, first, seed), cancellationToken, out int calls);
            evaluations += (double)calls * rows * ((2 * _directions) + 1);
            for (int row = 0; row < rows; row++)
            {
                ReadOnlySpan<double> y = state.AsSpan(row * (d + Sums), d), sums = state.AsSpan((row * (d + Sums)) + d, Sums);
                double squares = 0, mean = 0, scatter = 0;
                foreach (double v in y)
                    squares += v / _range.SigmaMax * (v / _range.SigmaMax);
                foreach (double v in sums)
                    mean += v / sums.Length;
                foreach (double v in sums)
                    scatter += (v - mean) * (v - mean);
                double prior = (-0.5 * squares) - (d * ((0.5 * Math.Log(2 * Math.PI)) + Math.Log(_range.SigmaMax)));
                nats[first + row] = -(prior + mean + determinants[first + row]);
                if (!IsExact)
                    variance += scatter / (sums.Length - 1) / sums.Length;
            }
        }

        return new FlowLikelihoodResult
        {
            NegativeLogLikelihoodsNats = nats,
            Dimensions = d,
            DivergenceStandardErrorNats = Math.Sqrt(variance) / n,
            EvaluationsPerPoint = evaluations / n,
        };
    }

    /// <summary>The rows (y, sums of the log-density) at sigma_max, row-major (n, d + Sums).</summary>
    private double[] Solve(ReadOnlySpan<double> latent, double[]? directions, CancellationToken cancellationToken, out int calls)
    {
        int d = Dimensions, width = d + Sums, rows = latent.Length / d;
        double[] state = new double[rows * width], slope = new double[rows * width];
        for (int row = 0; row < rows; row++)
            latent.Slice(row * d, d).CopyTo(state.AsSpan(row * width, d));
        var buffers = (new double[rows * d * ((2 * _directions) + 1)], new double[rows * d * ((2 * _directions) + 1)]);
        Slope(Math.Log(_range.SigmaMin), state, slope);
        for (int i = 0; i < state.Length; i++)
            state[i] += 0.5 * slope[i];
        calls = 1 + _solver.Integrate(Slope, Math.Log(_range.SigmaMin), Math.Log(_range.SigmaMax), state, width, cancellationToken);
        return state;

        void Slope(double t, ReadOnlySpan<double> at, Span<double> derivative) => Derivative(Math.Exp(t), at, derivative, directions, buffers);
    }

    /// <summary>d/dt of the rows: (y - D, d - estimates of tr dD/dy).</summary>
    private void Derivative(double sigma, ReadOnlySpan<double> state, Span<double> derivative, double[]? directions, (double[] X, double[] Clean) buffers)
    {
        int d = Dimensions, width = d + Sums, rows = state.Length / width, block = rows * d;
        NoiseLevel level = _schedule.AtSigma(sigma);
        double h = _options.DifferenceStep * sigma;
        for (int row = 0; row < rows; row++)
        {
            ReadOnlySpan<double> y = state.Slice(row * width, d);
            for (int j = 0; j < d; j++)
            {
                buffers.X[(row * d) + j] = level.Signal * y[j];
                for (int m = 0; m < _directions; m++)
                {
                    double step = h * Direction(directions, row, m, j);
                    buffers.X[(((2 * m) + 1) * block) + (row * d) + j] = level.Signal * (y[j] + step);
                    buffers.X[(((2 * m) + 2) * block) + (row * d) + j] = level.Signal * (y[j] - step);
                }
            }
        }

        _denoiser.Denoise(buffers.X, level, buffers.Clean);
        for (int row = 0; row < rows; row++)
        {
            Span<double> result = derivative.Slice(row * width, width);
            for (int j = 0; j < d; j++)
                result[j] = state[(row * width) + j] - buffers.Clean[(row * d) + j];
            result[d..].Fill(d);
            for (int m = 0; m < _directions; m++)
            {
                double along = 0;
                for (int j = 0; j < d; j++)
                {
                    int i = (row * d) + j;
                    along += Direction(directions, row, m, j) * (buffers.Clean[(((2 * m) + 1) * block) + i] - buffers.Clean[(((2 * m) + 2) * block) + i]);
                }

                result[d + (IsExact ? 0 : m)] -= along / (2 * h);
            }
        }
    }

    private double Direction(double[]? directions, int row, int m, int j) =>
        directions is null ? (m == j ? 1 : 0) : directions[(((row * _directions) + m) * Dimensions) + j];

    /// <summary>Random signs, (rows, probes, d), that depend on the point's number alone; null when every axis is taken.</summary>
    private double[]? Directions(int rows, int first, ulong seed)
    {
        if (IsExact)
            return null;
        var signs = new double[rows * _directions * Dimensions];
        int each = _directions * Dimensions;
        for (int row = 0; row < rows; row++)
        {
            var stream = new PhiloxStream(seed, NoisePurpose.Hutchinson, (uint)(first + row));
            for (int i = 0; i < each; i++)
                signs[(row * each) + i] = (stream.NextUInt64() & 1) == 0 ? 1 : -1;
        }

        return signs;
    }
}
