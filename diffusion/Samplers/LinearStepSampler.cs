using System.Numerics;
using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Schedules;

namespace Sweep.Diffusion.Samplers;

/// <summary>
/// A sampler whose step is a linear combination of the state, x0-hat and fresh noise, with one denoiser evaluation a step. The
/// loop is written here once; a sampler gives its coefficients.
/// </summary>
public abstract class LinearStepSampler : ISampler
{
    /// <summary>The step's weights: x' = State x + Clean x0-hat + Noise z, z ~ N(0, I).</summary>
    protected readonly record struct StepWeights(double State, double Clean, double Noise);

    /// <inheritdoc/>
    public virtual DeterministicTwin? Twin => null;

    /// <inheritdoc/>
    public IEnumerable<ReverseState> Sample(
        IDenoiser denoiser, IReadOnlyList<NoiseLevel> grid, double[] initial, ISamplerNoise noise)
    {
        ArgumentNullException.ThrowIfNull(denoiser);
        SamplerArguments.RequireGrid(grid);
        return Run(denoiser, grid, initial, noise);
    }

    /// <summary>The weights of the step between two levels; <paramref name="to"/> has less noise.</summary>
    protected abstract StepWeights Weights(NoiseLevel from, NoiseLevel to);

    private IEnumerable<ReverseState> Run(
        IDenoiser denoiser, IReadOnlyList<NoiseLevel> grid, double[] initial, ISamplerNoise noise)
    {
        double[] x = [.. initial];
        var x0Hat = new double[x.Length];
        double[]? z = null;
        for (int step = 0; step < grid.Count; step++)
        {
            denoiser.Denoise(x, grid[step], x0Hat);
            yield return new ReverseState { Step = step, Level = grid[step], X = x, X0Hat = x0Hat, Evaluations = step };
            if (step + 1 == grid.Count)
                yield break;

            StepWeights weights = Weights(grid[step], grid[step + 1]);
            if (weights.Noise > 0)
            {
                z ??= new double[x.Length];
                noise.Fill(step + 1, denoiser.Dimensions, z);
            }

            Apply(weights, x, x0Hat, z);
        }
    }

    /// <summary>In vectors whose lanes do what a scalar loop does, without fused multiply-adds: the same bits at any width.</summary>
    private static void Apply(StepWeights weights, double[] x, double[] x0Hat, double[]? z)
    {
        var state = new Vector<double>(weights.State);
        var clean = new Vector<double>(weights.Clean);
        var noise = new Vector<double>(weights.Noise);
        bool noisy = weights.Noise > 0;
        int i = 0;
        for (; i + Vector<double>.Count <= x.Length; i += Vector<double>.Count)
        {
            Vector<double> next = (state * new Vector<double>(x, i)) + (clean * new Vector<double>(x0Hat, i));
            if (noisy)
                next += noise * new Vector<double>(z!, i);
            next.CopyTo(x, i);
        }

        for (; i < x.Length; i++)
        {
            x[i] = (weights.State * x[i]) + (weights.Clean * x0Hat[i]);
            if (noisy)
                x[i] += weights.Noise * z![i];
        }
    }
}
