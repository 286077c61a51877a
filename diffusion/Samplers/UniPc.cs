using Sweep.Diffusion.Kinds;
using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Schedules;

namespace Sweep.Diffusion.Samplers;

/// <summary>
/// UniPC in data prediction with B(h) = e^h - 1, "bh2" (Zhao et al., arXiv 2302.04867, algorithms 5 to 8, appendix D): a predictor of order p through the last
/// p x0-hats, and a corrector that also uses x0-hat at the predicted point and raises the order by one, to p + 1, without a further evaluation. B(h) only shows
/// in the first-order corrector and the second-order predictor, whose one weight the paper sets to 1/2; elsewhere it cancels and the weights are those of the
/// polynomial through the values. The last step is not corrected (there would be an evaluation for it), and the step to a clean level is x0-hat itself. The
/// order p + 1 needs lower_order_final off: the step to clean takes the x0-hat of a predicted point, and with it on the predictor is of second order there.
/// Yielded states are the corrected ones; their x0-hats, which no step uses, are extra evaluations that aren't counted.
/// </summary>
public sealed class UniPc : ISampler
{
    private readonly int _order;
    private readonly bool _lowerOrderFinal;

    public UniPc(int order = 2, bool lowerOrderFinal = true)
    {
        if (order is not (2 or 3))
            throw new KindException($"unipc: order {order}; allowed: 2 or 3");
        _order = order;
        _lowerOrderFinal = lowerOrderFinal;
    }

    public static Kind<ISampler> Kind { get; } = new(
        "unipc",
        "unified predictor-corrector, multistep",
        [Parameter.Integer("order", 2, 2, 3, "order of the predictor"), MultistepParameters.LowerOrderFinal],
        p => new UniPc(p.Integer("order"), p.Flag(MultistepParameters.LowerOrderFinal.Name)));

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
        var predicted = new double[x.Length];
        var x0Hat = new double[x.Length];
        var history = new StepHistory(_order + 1, x.Length);
        denoiser.Denoise(x, grid[0], history.Push(grid[0]));
        yield return new ReverseState { Step = 0, Level = grid[0], X = x, X0Hat = history.Values(0), Evaluations = 0 };
        for (int step = 0; step + 1 < grid.Count; step++)
        {
            NoiseLevel to = grid[step + 1];
            bool last = step + 2 == grid.Count;
            int order = MultistepParameters.Order(_order, history.Count, step, grid.Count - 1, _lowerOrderFinal);
            ExponentialIntegral.Predict(history, order, to, x, predicted);
            if (last)
            {
                predicted.CopyTo(x, 0);
            }
            else
            {
                denoiser.Denoise(predicted, to, history.Push(to));
                Correct(history, order, x);
            }

            denoiser.Denoise(x, to, x0Hat);
            yield return new ReverseState { Step = step + 1, Level = to, X = x, X0Hat = x0Hat, Evaluations = last ? step + 1 : step + 2 };
        }
    }

    /// <summary>The step again, from the second newest entry of the history to the newest, whose x0-hat is that of the predicted point.</summary>
    private static void Correct(StepHistory history, int order, double[] x)
    {
        NoiseLevel to = history.Level(0);
        double start = history.HalfLogSnr(1);
        double h = history.HalfLogSnr(0) - start;
        Span<double> nodes = stackalloc double[order];
        Span<double> weights = stackalloc double[order];
        Span<double> clean = stackalloc double[order + 1];
        Span<double> mean = stackalloc double[1];
        ExponentialIntegral.Moments(h, mean);
        nodes[0] = 1;
        for (int k = 1; k < order; k++)
            nodes[k] = (history.HalfLogSnr(k + 1) - start) / h;
        if (order == 1)
            weights[0] = 0.5 * mean[0];
        else
            ExponentialIntegral.Weights(h, nodes, weights);

        // Entry 1 is the start of the step; entry 0 and those from 2 on are nodes.
        clean[1] = to.Signal * mean[0];
        for (int k = 0; k < order; k++)
        {
            int age = k == 0 ? 0 : k + 1;
            clean[age] = to.Signal * weights[k];
            clean[1] -= clean[age];
        }

        history.Combine(to.Noise / history.Level(1).Noise, x, clean, x);
    }
}
