namespace Sweep.Diffusion.Samplers;

/// <summary>
/// The integrals of one step of DPM-Solver-v3 in one dimension, between lambda_s and lambda_t = lambda_s + h (arXiv 2310.13268, section 3.2.1 and appendix
/// C.1.2): A = e^(-int l), E(lambda) = e^(int (l + s)), B(lambda) = int e^(-int s) b, all from lambda_s. By Gauss and Legendre's rule on panels no wider
/// than the estimates are apart, not by the trapezoid rule at the estimates, so that steps may end anywhere.
/// </summary>
internal sealed class DpmSolverV3Step
{
    private const int Moments = 3;

    // Gauss-Legendre on [-1, 1], five points: exact for polynomials of degree 9.
    private static readonly double[] Abscissae = [-0.9061798459386640, -0.5384693101056831, 0, 0.5384693101056831, 0.9061798459386640];
    private static readonly double[] Weights = [0.2369268850561891, 0.4786286704993665, 0.5688888888888889, 0.4786286704993665, 0.2369268850561891];

    private readonly ModelStatistics _statistics;
    private readonly int _dimension;
    private readonly double _start;
    private readonly double[] _moments = new double[Moments];
    private readonly double _biasIntegral;

    public DpmSolverV3Step(ModelStatistics statistics, int dimension, double start, double end)
    {
        _statistics = statistics;
        _dimension = dimension;
        _start = start;
        Decay = Math.Exp(-statistics.LinearIntegral(dimension, start, end));

        double h = Length = end - start;
        int panels = Panels(h);
        double bias = 0;
        for (int panel = 0; panel < panels; panel++)
        {
            double left = start + (h * panel / panels);
            double half = 0.5 * h / panels;
            for (int q = 0; q < Abscissae.Length; q++)
            {
                double lambda = left + (half * (1 + Abscissae[q]));
                double growth =
                    half * Weights[q] * Math.Exp(statistics.LinearIntegral(dimension, start, lambda) + statistics.ScalingIntegral(dimension, start, lambda));
                _biasIntegral += growth * (bias + PanelBias(left, lambda));
                double power = growth;
                for (int m = 0; m < Moments; m++)
                {
                    _moments[m] += power;
                    power *= (lambda - start) / h;
                }
            }

            bias += PanelBias(left, start + (h * (panel + 1) / panels));
        }
    }

    /// <summary>h.</summary>
    public double Length { get; }

    /// <summary>A.</summary>
    public double Decay { get; }

    /// <summary>
    /// Eq. 13 and 14: the weights of f at the start (first) and at the nodes, and what is added, in y_t = A y_s + sum weights f + added.
    /// </summary>
    /// <param name="lambdas">The nodes' lambdas, at most two.</param>
    /// <param name="nodes">The same as (lambda - lambda_s) / h.</param>
    /// <param name="weights">(nodes.Length + 1).</param>
    public double Combine(ReadOnlySpan<double> lambdas, ReadOnlySpan<double> nodes, Span<double> weights)
    {
        double added = -Decay * _biasIntegral;
        ExponentialIntegral.Weights(_moments.AsSpan(0, nodes.Length + 1), nodes, weights[1..]);
        weights[0] = _moments[0];
        for (int k = 0; k < nodes.Length; k++)
        {
            // Eq. 8: g = e^(-int s) f - B.
            weights[0] -= weights[k + 1];
            double weight = -Decay * weights[k + 1];
            added -= weight * Bias(lambdas[k]);
            weights[k + 1] = weight * Math.Exp(-_statistics.ScalingIntegral(_dimension, _start, lambdas[k]));
        }

        weights[0] *= -Decay;
        return added;
    }

    private int Panels(double h) => Math.Max(1, (int)Math.Ceiling(Math.Abs(h) / _statistics.Spacing));

    /// <summary>B(lambda).</summary>
    private double Bias(double lambda)
    {
        double h = lambda - _start;
        int panels = Panels(h);
        double sum = 0;
        for (int panel = 0; panel < panels; panel++)
            sum += PanelBias(_start + (h * panel / panels), _start + (h * (panel + 1) / panels));
        return sum;
    }

    /// <summary>B(right) - B(left), within one panel.</summary>
    private double PanelBias(double left, double right)
    {
        double half = 0.5 * (right - left);
        double sum = 0;
        for (int q = 0; q < Abscissae.Length; q++)
        {
            double lambda = left + (half * (1 + Abscissae[q]));
            sum += Weights[q] * Math.Exp(-_statistics.ScalingIntegral(_dimension, _start, lambda)) * _statistics.Bias(_dimension, lambda);
        }

        return half * sum;
    }
}
