namespace Sweep.Diffusion.Numerics;

/// <summary>
/// Dormand and Prince's embedded Runge-Kutta pair of orders 5 and 4 (J. Comput. Appl. Math. 6, 1980, table 2) with the first stage taken from the step before
/// and a proportional-integral step control (Hairer, Norsett and Wanner, Solving Ordinary Differential Equations I, II.4; beta = 0.08). Many systems are solved
/// side by side with one step size: that of the row that needs the smallest. Immutable and thread-safe.
/// </summary>
public sealed class DormandPrince
{
    private const double SmallestFactor = 0.2;
    private const double LargestFactor = 5;
    private const double Safety = 0.9;

    private static readonly double[] Times = [0, 1 / 5.0, 3 / 10.0, 4 / 5.0, 8 / 9.0, 1, 1];

    private static readonly double[][] Stages =
    [
        [],
        [1 / 5.0],
        [3 / 40.0, 9 / 40.0],
        [44 / 45.0, -56 / 15.0, 32 / 9.0],
        [19372 / 6561.0, -25360 / 2187.0, 64448 / 6561.0, -212 / 729.0],
        [9017 / 3168.0, -355 / 33.0, 46732 / 5247.0, 49 / 176.0, -5103 / 18656.0],
        [35 / 384.0, 0, 500 / 1113.0, 125 / 192.0, -2187 / 6784.0, 11 / 84.0],
    ];

    /// <summary>Fifth-order weights less fourth-order weights.</summary>
    private static readonly double[] Errors = [71 / 57600.0, 0, -71 / 16695.0, 71 / 1920.0, -17253 / 339200.0, 22 / 525.0, -1 / 40.0];

    /// <summary>Local error allowed in a component: this plus <see cref="RelativeTolerance"/> times its size; root mean square over a row.</summary>
    public double AbsoluteTolerance { get; init; } = 1e-6;

    public double RelativeTolerance { get; init; } = 1e-6;

    /// <summary>Most steps, rejected ones included.</summary>
    public int MaximumSteps { get; init; } = 10_000;

    /// <summary>Takes y from one time to another, either way.</summary>
    /// <param name="derivative">dy/dt; a value that is not finite rejects the step.</param>
    /// <param name="from">Time of y as given.</param>
    /// <param name="to">Time of y as left.</param>
    /// <param name="y">Row-major (n, <paramref name="rowLength"/>): each row a system; changed in place.</param>
    /// <param name="rowLength">Components of a system.</param>
    /// <param name="cancellationToken">Looked at before every step.</param>
    /// <returns>Calls of the derivative.</returns>
    /// <exception cref="OdeException">More than <see cref="MaximumSteps"/>, or a step too small to count; y is then the last accepted state.</exception>
    public int Integrate(OdeDerivative derivative, double from, double to, Span<double> y, int rowLength, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(derivative);
        if (rowLength < 1 || y.Length % rowLength != 0)
            throw new ArgumentException($"{y.Length} components; allowed: a whole number of rows of {rowLength}", nameof(y));
        if (from == to || y.IsEmpty)
            return 0;
        double[][] k = new double[Stages.Length][];
        for (int stage = 0; stage < k.Length; stage++)
            k[stage] = new double[y.Length];
        double[] next = new double[y.Length];
        derivative(from, y, k[0]);
        int calls = 1;
        double t = from, h = FirstStep(y, k[0], rowLength, to - from), before = 1e-4;
        bool rejected = false;
        for (int step = 0; step < MaximumSteps; step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            bool last = Math.Abs(to - t) <= Math.Abs(h) * (1 + 1e-12);
            if (last)
                h = to - t;
            if (t + h == t)
                throw new OdeException($"differential equation at t = {t:r}: step {h:g3}; allowed: a step that counts (the derivative is not finite or jumps)");
            for (int stage = 1; stage < k.Length; stage++)
            {
                Combine(y, k, Stages[stage], h, next);
                derivative(t + (Times[stage] * h), next, k[stage]);
            }

            calls += k.Length - 1;
            double error = ErrorNorm(y, next, k, h, rowLength);
            if (!(error <= 1))
            {
                h *= double.IsFinite(error) ? Math.Max(SmallestFactor, Safety * Math.Pow(error, -0.2)) : SmallestFactor;
                rejected = true;
                continue;
            }

            next.CopyTo(y);
            if (last)
                return calls;
            t += h;
            (k[0], k[^1]) = (k[^1], k[0]);
            error = Math.Max(error, 1e-10);
            double factor = Math.Clamp(Safety * Math.Pow(error, -0.2 + (0.75 * 0.08)) * Math.Pow(before, 0.08), SmallestFactor, LargestFactor);
            h *= rejected ? Math.Min(factor, 1) : factor;
            before = error;
            rejected = false;
        }

        throw new OdeException($"differential equation at t = {t:r}: {MaximumSteps} steps; allowed: fewer (looser tolerances may help)");
    }

    private static void Combine(ReadOnlySpan<double> y, double[][] k, double[] weights, double h, double[] result)
    {
        for (int i = 0; i < result.Length; i++)
        {
            double sum = 0;
            for (int stage = 0; stage < weights.Length; stage++)
                sum += weights[stage] * k[stage][i];
            result[i] = y[i] + (h * sum);
        }
    }

    /// <summary>A hundredth of the time in which a row changes by its own size (ibid., II.4, without the second derivative).</summary>
    private double FirstStep(ReadOnlySpan<double> y, double[] slope, int rowLength, double span)
    {
        double step = Math.Abs(span);
        for (int start = 0; start < y.Length; start += rowLength)
        {
            double size = 0, speed = 0;
            for (int i = start; i < start + rowLength; i++)
            {
                double scale = AbsoluteTolerance + (RelativeTolerance * Math.Abs(y[i]));
                size += y[i] / scale * (y[i] / scale);
                speed += slope[i] / scale * (slope[i] / scale);
            }

            if (speed > 0 && double.IsFinite(speed))
                step = Math.Min(step, size > 0 ? 0.01 * Math.Sqrt(size / speed) : 1e-6 * Math.Abs(span));
        }

        return Math.CopySign(Math.Max(step, 1e-6 * Math.Abs(span)), span);
    }

    private double ErrorNorm(ReadOnlySpan<double> y, double[] next, double[][] k, double h, int rowLength)
    {
        double largest = 0;
        for (int start = 0; start < next.Length; start += rowLength)
        {
            double squares = 0;
            for (int i = start; i < start + rowLength; i++)
            {
                double error = 0;
                for (int stage = 0; stage < k.Length; stage++)
                    error += Errors[stage] * k[stage][i];
                error *= h / (AbsoluteTolerance + (RelativeTolerance * Math.Max(Math.Abs(y[i]), Math.Abs(next[i]))));
                squares += error * error;
            }

            // Math.Max keeps a NaN.
            largest = Math.Max(largest, Math.Sqrt(squares / rowLength));
        }

        return largest;
    }
}
