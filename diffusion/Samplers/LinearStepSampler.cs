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

    private static void Apply(StepWeights weights, double[] x, double[] x0Hat, double[]? z)
    {
        if (weights.Noise > 0)
        {
            for (int i = 0; i < x.Length; i++)
                x[i] = (weights.State * x[i]) + (weights.Clean * x0Hat[i]) + (weights.Noise * z![i]);
        }
        else
        {
            for (int i = 0; i < x.Length; i++)
                x[i] = (weights.State * x[i]) + (weights.Clean * x0Hat[i]);
        }
    }
}
