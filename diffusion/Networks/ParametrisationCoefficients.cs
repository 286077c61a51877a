using Sweep.Diffusion.Schedules;

namespace Sweep.Diffusion.Networks;

/// <summary>
/// A <see cref="Parametrisation"/> at one noise level: network input <c>InputScale x</c>; training target <c>TargetClean x0 + TargetNoise epsilon</c>;
/// <c>x0-hat = SkipScale x + OutputScale F</c>.
/// </summary>
public readonly record struct ParametrisationCoefficients(double InputScale, double TargetClean, double TargetNoise, double SkipScale, double OutputScale)
{
    /// <param name="parametrisation">What the network's output stands for.</param>
    /// <param name="level">The noise level; its noise must be greater than 0.</param>
    /// <param name="sigmaData">The data's standard deviation, root mean square over dimensions; greater than 0.</param>
    public static ParametrisationCoefficients For(Parametrisation parametrisation, NoiseLevel level, double sigmaData)
    {
        (double a, double s) = level;
        double total = Math.Sqrt((a * a * sigmaData * sigmaData) + (s * s));
        double clean = a * sigmaData / total, noise = s / total;
        return parametrisation switch
        {
            Parametrisation.Epsilon => new(1 / total, 0, 1, 1 / a, -s / a),
            Parametrisation.X0 => new(1 / total, 1 / sigmaData, 0, 0, sigmaData),
            Parametrisation.V => new(1 / total, -noise / sigmaData, clean, clean * sigmaData / total, -noise * sigmaData),
            Parametrisation.Edm => new(1 / total, noise / sigmaData, -clean, clean * sigmaData / total, noise * sigmaData),
            _ => throw new ArgumentOutOfRangeException(nameof(parametrisation), $"parametrisation: {parametrisation}; allowed: epsilon, x0, v, edm"),
        };
    }
}
