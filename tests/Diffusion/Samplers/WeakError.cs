using MathNet.Numerics.Interpolation;
using Sweep.Diffusion.Samplers;
using Sweep.Diffusion.Schedules;

namespace Sweep.Tests.Diffusion.Samplers;

/// <summary>
/// How far a stochastic sampler's law is from the exact one, without a draw: u_k(x) = E[phi(end) | x at level k] is carried from the end to the start, one step
/// of the sampler at a time, on a grid of x, with the step's noise integrated by the trapezoidal rule, which is exact here to more digits than matter.
/// </summary>
internal static class WeakError
{
    private const double SigmaMax = 100;
    private const double SigmaMin = 0.2;
    private const int Points = 400;
    private const double Widest = 8;
    private const int Nodes = 29;
    private const double NodeSpacing = 0.5;

    private static readonly double[] Noise = [.. Enumerable.Range(0, Nodes).Select(j => NodeSpacing * (j - (Nodes / 2)))];
    private static readonly double[] Share = [.. Noise.Select(z => NodeSpacing * Math.Exp(-0.5 * z * z) / Math.Sqrt(2 * Math.PI))];
    private static readonly Func<double, double>[] Tests = [x => Math.Cos(1.5 * x), x => Math.Sin(1.5 * x)];

    /// <summary>Root mean square over the test functions.</summary>
    /// <param name="step">The sampler that takes one of so many steps.</param>
    /// <param name="weights">Of a one-dimensional mixture.</param>
    /// <param name="means">Its means.</param>
    /// <param name="stds">Its standard deviations.</param>
    /// <param name="steps">Geometric levels, from the exact law at the most noise.</param>
    public static double Of(Func<int, ISampler> step, double[] weights, double[] means, double[] stds, int steps)
    {
        var mixture = new MixtureFlow(weights, means, stds);
        NoiseLevel[] levels =
            [.. Enumerable.Range(0, steps).Select(k => new NoiseLevel(1, SigmaMax * Math.Pow(SigmaMin / SigmaMax, (double)k / (steps - 1)))), NoiseLevel.Clean];
        double[] z = [.. Enumerable.Range(0, Points).Select(i => Widest * ((2.0 * i / (Points - 1)) - 1))];
        Func<double, double>[] u = Tests;
        double[] rows = new double[Points * Nodes];
        for (int k = steps - 1; k >= 0; k--)
        {
            double scale = Scale(levels[k]);
            for (int r = 0; r < rows.Length; r++)
                rows[r] = z[r / Nodes] * scale;
            double[] ends = step(steps).Sample(mixture, [levels[k], levels[k + 1]], rows, new NodeNoise()).Last().X;
            Func<double, double>[] next = u;
            u = [.. Tests.Select((_, t) => Interpolate(z, scale, i => Enumerable.Range(0, Nodes).Sum(j => Share[j] * next[t](ends[(i * Nodes) + j]))))];
        }

        return Math.Sqrt(Tests.Select((phi, t) =>
        {
            double sampled = Mean(weights, means, stds, SigmaMax, u[t]);
            double exact = Mean(weights, means, stds, SigmaMin, x => phi(Clean(mixture, x)));
            return (sampled - exact) * (sampled - exact);
        }).Average());
    }

    private static double Scale(NoiseLevel level) => Math.Sqrt((level.Sigma * level.Sigma) + 1);

    private static Func<double, double> Interpolate(double[] z, double scale, Func<int, double> value)
    {
        var spline = CubicSpline.InterpolateNaturalSorted([.. z.Select(v => v * scale)], [.. Enumerable.Range(0, z.Length).Select(value)]);
        return spline.Interpolate;
    }

    /// <summary>Every sampler's step to a clean level.</summary>
    private static double Clean(MixtureFlow mixture, double x)
    {
        double[] end = new double[1];
        mixture.Denoise([x], new NoiseLevel(1, SigmaMin), end);
        return end[0];
    }

    /// <summary>Of a function under the mixture with noise.</summary>
    private static double Mean(double[] weights, double[] means, double[] stds, double sigma, Func<double, double> function) =>
        weights.Select((w, c) => w / weights.Sum() * Noise.Zip(Share, (e, s) => s * function(means[c] + (e * Math.Sqrt((stds[c] * stds[c]) + (sigma * sigma)))))
            .Sum()).Sum();

    private sealed class NodeNoise : ISamplerNoise
    {
        public void Fill(int step, int dimensions, Span<double> noise)
        {
            for (int r = 0; r < noise.Length; r++)
                noise[r] = Noise[r % Nodes];
        }
    }
}
