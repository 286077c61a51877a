using Sweep.Diffusion.Numerics;
using Sweep.Diffusion.Schedules;

namespace Sweep.Diffusion.Diagnostics;

/// <summary>
/// Points with the noise of a level: the same noise at every level, so that curves over levels are smooth and models are compared on equal inputs.
/// </summary>
public static class NoisyPoints
{
    /// <summary>a x0 + s epsilon, row-major (n, d).</summary>
    public static double[] At(ReadOnlySpan<double> clean, int dimensions, NoiseLevel level, ulong seed)
    {
        var noisy = new double[clean.Length];
        NormalNoise.Fill(noisy, seed, NoisePurpose.Diagnostics, 0, 0, dimensions);
        for (int i = 0; i < noisy.Length; i++)
            noisy[i] = (level.Signal * clean[i]) + (level.Noise * noisy[i]);
        return noisy;
    }
}
