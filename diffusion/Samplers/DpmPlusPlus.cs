using Sweep.Diffusion.Kinds;
using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Schedules;

namespace Sweep.Diffusion.Samplers;

/// <summary>
/// DPM-Solver++, multistep, data prediction (Lu et al., arXiv 2211.01095): 2M is algorithm 2; 3M puts the parabola through the last three x0-hats into the
/// integral of eq. 8 exactly. (The authors' published 3M halves the parabola's quadratic term, which leaves it second order; ours is third.) One evaluation a
/// step. The first steps have the order that their history allows; with lower_order_final, so do the last ones as if time ran backwards, which is steadier in
/// few steps. The step to a clean level is x0-hat itself.
/// </summary>
public sealed class DpmPlusPlus : ISampler
{
    private readonly int _order;
    private readonly bool _lowerOrderFinal;

    public DpmPlusPlus(int order, bool lowerOrderFinal = true)
    {
        if (order is not (2 or 3))
            throw new KindException($"dpmpp: order {order}; allowed: 2 or 3");
        _order = order;
        _lowerOrderFinal = lowerOrderFinal;
    }

    public static Kind<ISampler> Kind2M { get; } = new(
        "dpmpp-2m", "DPM-Solver++ multistep, second order", [MultistepParameters.LowerOrderFinal], p =>
            new DpmPlusPlus(2, p.Flag(MultistepParameters.LowerOrderFinal.Name)));

    public static Kind<ISampler> Kind3M { get; } = new(
        "dpmpp-3m", "DPM-Solver++ multistep, third order", [MultistepParameters.LowerOrderFinal], p =>
            new DpmPlusPlus(3, p.Flag(MultistepParameters.LowerOrderFinal.Name)));

    /// <inheritdoc/>
    public IEnumerable<ReverseState> Sample(IDenoiser denoiser, IReadOnlyList<NoiseLevel> grid, double[] initial, ISamplerNoise noise)
    {
        ArgumentNullException.ThrowIfNull(denoiser);
        SamplerArguments.RequireGrid(grid);
        return Run(denoiser, grid, initial);
    }

    private IEnumerable<ReverseState> Run(IDenoiser denoiser, IReadOnlyList<NoiseLevel> grid, double[] initial)
    {
        double[] x = [.. initial];
        var history = new StepHistory(_order, x.Length);
        for (int step = 0; step < grid.Count; step++)
        {
            double[] x0Hat = history.Push(grid[step]);
            denoiser.Denoise(x, grid[step], x0Hat);
            yield return new ReverseState { Step = step, Level = grid[step], X = x, X0Hat = x0Hat, Evaluations = step };
            if (step + 1 == grid.Count)
                yield break;
            int order = MultistepParameters.Order(_order, history.Count, step, grid.Count - 1, _lowerOrderFinal);
            ExponentialIntegral.Predict(history, order, grid[step + 1], x, x);
        }
    }
}
