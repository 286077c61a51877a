using Sweep.Diffusion.Kinds;
using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Schedules;

namespace Sweep.Diffusion.Samplers;

/// <summary>
/// Heun's method on the probability-flow ODE (Karras et al., arXiv 2206.00364, algorithm 1, in the coordinates of <see cref="Euler"/>). Second order, two
/// evaluations a step; the step to a clean level is Euler's and takes one. It needs levels that aren't far apart: where a step divides sigma by r, a change of
/// x0-hat over it is multiplied by r / 2, so a few geometric steps over a wide range blow up.
/// </summary>
public sealed class Heun : ISampler
{
    private static readonly EdmStochastic WithoutChurn = new(churn: 0);

    public static Kind<ISampler> Kind { get; } =
        new("heun", "Heun's method on the probability-flow ODE, second order, two evaluations a step", [], _ => new Heun());

    /// <inheritdoc/>
    public IEnumerable<ReverseState> Sample(IDenoiser denoiser, IReadOnlyList<NoiseLevel> grid, double[] initial, ISamplerNoise noise) =>
        WithoutChurn.Sample(denoiser, grid, initial, noise);
}
