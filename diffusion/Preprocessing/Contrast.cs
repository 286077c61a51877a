using System.Numerics.Tensors;
using Sweep.Diffusion.Kinds;

namespace Sweep.Diffusion.Preprocessing;

/// <summary>
/// The nonlinearity g of FastICA's fixed point, the derivative of the contrast G (Hyvärinen, "Fast and robust fixed-point algorithms
/// for independent component analysis", IEEE TNN 10, 1999, equations 17 to 22).
/// </summary>
internal enum Contrast
{
    /// <summary>G = log cosh u, g = tanh u: the general-purpose choice.</summary>
    LogCosh,

    /// <summary>G = -exp(-u^2 / 2), g = u exp(-u^2 / 2): for very heavy tails.</summary>
    Exponential,

    /// <summary>G = u^4 / 4, g = u^3 (kurtosis): for tails lighter than normal, not robust against outliers.</summary>
    Cube,
}

/// <summary>Reading and evaluating <see cref="Contrast"/>.</summary>
internal static class Contrasts
{
    public static Parameter Parameter { get; } = Parameter.Choice("contrast", "logcosh", ["logcosh", "exp", "cube"], "FastICA's contrast function");

    public static Contrast Read(ParameterValues values) => values.Text("contrast") switch
    {
        "logcosh" => Contrast.LogCosh,
        "exp" => Contrast.Exponential,
        "cube" => Contrast.Cube,
        var other => throw new KindException($"contrast: {other}; allowed: logcosh, exp, cube"),
    };

    /// <summary>Replaces each u by g(u) and returns the sum of g'(u).</summary>
    /// <param name="contrast">Which g.</param>
    /// <param name="u">Projections; overwritten.</param>
    /// <param name="scratch">As long as <paramref name="u"/>.</param>
    public static double Apply(this Contrast contrast, Span<double> u, Span<double> scratch)
    {
        switch (contrast)
        {
            case Contrast.LogCosh:
                // tanh u = 1 - 2 / (exp 2u + 1), to 1e-16 absolute, which is all that a sum over points needs, at a fifth of TensorPrimitives.Tanh's time.
                TensorPrimitives.Add<double>(u, u, u);
                TensorPrimitives.Exp<double>(u, u);
                TensorPrimitives.Add(u, 1, u);
                TensorPrimitives.Divide(-2, u, u);
                TensorPrimitives.Add(u, 1, u);
                return u.Length - TensorPrimitives.SumOfSquares<double>(u);
            case Contrast.Exponential:
                TensorPrimitives.Multiply<double>(u, u, scratch);
                TensorPrimitives.Multiply(scratch, -0.5, scratch);
                TensorPrimitives.Exp<double>(scratch, scratch);
                double plain = TensorPrimitives.Sum<double>(scratch);
                TensorPrimitives.Multiply<double>(scratch, u, scratch); // u e
                double squared = TensorPrimitives.Dot<double>(scratch, u); // sum u^2 e
                scratch.CopyTo(u);
                return plain - squared;
            default:
                TensorPrimitives.Multiply<double>(u, u, scratch);
                double sum = 3 * TensorPrimitives.Sum<double>(scratch);
                TensorPrimitives.Multiply<double>(scratch, u, u);
                return sum;
        }
    }

    /// <summary>The sum of G(u).</summary>
    /// <param name="contrast">Which G.</param>
    /// <param name="u">Projections; overwritten.</param>
    /// <param name="scratch">As long as <paramref name="u"/>.</param>
    public static double Sum(this Contrast contrast, Span<double> u, Span<double> scratch)
    {
        switch (contrast)
        {
            case Contrast.LogCosh:
                // |u| + ln(1 + exp(-2 |u|)) - ln 2 overflows nowhere.
                TensorPrimitives.Abs<double>(u, u);
                TensorPrimitives.Multiply(u, -2, scratch);
                TensorPrimitives.Exp<double>(scratch, scratch);
                TensorPrimitives.Add(scratch, 1, scratch);
                TensorPrimitives.Log<double>(scratch, scratch);
                return TensorPrimitives.Sum<double>(u) + TensorPrimitives.Sum<double>(scratch) - (u.Length * Math.Log(2));
            case Contrast.Exponential:
                TensorPrimitives.Multiply<double>(u, u, scratch);
                TensorPrimitives.Multiply(scratch, -0.5, scratch);
                TensorPrimitives.Exp<double>(scratch, scratch);
                return -TensorPrimitives.Sum<double>(scratch);
            default:
                TensorPrimitives.Multiply<double>(u, u, scratch);
                return 0.25 * TensorPrimitives.SumOfSquares<double>(scratch);
        }
    }

    /// <summary>E G(v) of a standard normal v.</summary>
    public static double OfNormal(this Contrast contrast) => contrast switch
    {
        Contrast.LogCosh => 0.374567207491437974, // by quadrature
        Contrast.Exponential => -Math.Sqrt(0.5),
        _ => 0.75,
    };
}
