using Sweep.Diffusion.Numerics;

namespace Sweep.Bench.Racing;

/// <summary>Noise of mean 0 and variance 1.</summary>
internal delegate double Draw(ref PhiloxStream stream);

internal static class Noise
{
    public static double Normal(ref PhiloxStream stream) => stream.NextNormal();

    /// <summary>Student's t with 4 degrees of freedom.</summary>
    public static double T4(ref PhiloxStream stream) => Student(ref stream, 4);

    public static double T3(ref PhiloxStream stream) => Student(ref stream, 3);

    /// <summary>One value in ten is five times as far out.</summary>
    public static double Contaminated(ref PhiloxStream stream) =>
        (stream.NextDouble() < 0.1 ? 5 : 1) * stream.NextNormal() / Math.Sqrt(0.9 + (0.1 * 25));

    /// <summary>Gamma with shape (2 / 1.8)², of skewness 1.8.</summary>
    public static double Gamma(ref PhiloxStream stream)
    {
        double shape = 2 / 1.8 * (2 / 1.8);
        return (GammaOf(ref stream, shape) - shape) / Math.Sqrt(shape);
    }

    /// <summary>Exponential: skewness 2.</summary>
    public static double Exponential(ref PhiloxStream stream) => -Math.Log(stream.NextDouble()) - 1;

    /// <summary>Log-normal with sigma 1: skewness 6.2.</summary>
    public static double LogNormal(ref PhiloxStream stream) =>
        (Math.Exp(stream.NextNormal()) - Math.Exp(0.5)) / Math.Sqrt((Math.E - 1) * Math.E);

    private static double Student(ref PhiloxStream stream, int degrees)
    {
        double squares = 0, normal = stream.NextNormal();
        for (int i = 0; i < degrees; i++)
        {
            double z = stream.NextNormal();
            squares += z * z;
        }

        return normal / Math.Sqrt(squares / degrees) / Math.Sqrt(degrees / (degrees - 2.0));
    }

    /// <summary>G. Marsaglia and W. W. Tsang, "A simple method for generating gamma variables", ACM TOMS 26 (2000); shape at least 1.</summary>
    private static double GammaOf(ref PhiloxStream stream, double shape)
    {
        double d = shape - (1.0 / 3), c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            double x = stream.NextNormal(), v = 1 + (c * x);
            v = v * v * v;
            if (v > 0 && Math.Log(stream.NextDouble()) < (0.5 * x * x) + d - (d * v) + (d * Math.Log(v)))
                return d * v;
        }
    }
}
