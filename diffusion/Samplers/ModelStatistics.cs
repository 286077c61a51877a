using MathNet.Numerics.Interpolation;

namespace Sweep.Diffusion.Samplers;

/// <summary>
/// DPM-Solver-v3's empirical model statistics: coefficients l, s, b per dimension as functions of lambda = ln(alpha / sigma), with which the probability flow
/// is dy/dlambda = -(l y + f), y = x / alpha, f = (1 - l) y - x0-hat, and df/dlambda is about s f + b (Zheng et al., arXiv 2310.13268, eq. 4, 5 and 11).
/// Natural cubic splines through estimates at equal steps of lambda; any values give a convergent solver, good ones a quick one. Immutable and thread-safe.
/// </summary>
internal sealed class ModelStatistics
{
    private readonly CubicSpline[] _linear;
    private readonly CubicSpline[] _scaling;
    private readonly CubicSpline[] _bias;

    /// <param name="lambdas">(m), increasing by equal steps.</param>
    /// <param name="linear">l, (d, m) jagged.</param>
    /// <param name="scaling">s, (d, m) jagged.</param>
    /// <param name="bias">b, (d, m) jagged.</param>
    public ModelStatistics(double[] lambdas, double[][] linear, double[][] scaling, double[][] bias)
    {
        Spacing = (lambdas[^1] - lambdas[0]) / (lambdas.Length - 1);
        First = lambdas[0];
        Last = lambdas[^1];
        _linear = Splines(lambdas, linear);
        _scaling = Splines(lambdas, scaling);
        _bias = Splines(lambdas, bias);
    }

    public int Dimensions => _linear.Length;

    /// <summary>Between estimates, in lambda.</summary>
    public double Spacing { get; }

    /// <summary>The least lambda, at the most noise.</summary>
    public double First { get; }

    public double Last { get; }

    /// <summary>l.</summary>
    public double Linear(int dimension, double lambda) => _linear[dimension].Interpolate(lambda);

    /// <summary>b.</summary>
    public double Bias(int dimension, double lambda) => _bias[dimension].Interpolate(lambda);

    /// <summary>The integral of l between two lambdas.</summary>
    public double LinearIntegral(int dimension, double from, double to) => _linear[dimension].Integrate(to) - _linear[dimension].Integrate(from);

    /// <summary>The integral of s between two lambdas.</summary>
    public double ScalingIntegral(int dimension, double from, double to) => _scaling[dimension].Integrate(to) - _scaling[dimension].Integrate(from);

    private static CubicSpline[] Splines(double[] lambdas, double[][] values) =>
        Array.ConvertAll(values, v => CubicSpline.InterpolateNaturalSorted(lambdas, v));
}
