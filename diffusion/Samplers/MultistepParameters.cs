using Sweep.Diffusion.Kinds;
using Sweep.Diffusion.Schedules;

namespace Sweep.Diffusion.Samplers;

/// <summary>What the multistep samplers share: which order a step has, and where their past values lie.</summary>
internal static class MultistepParameters
{
    public static Parameter LowerOrderFinal { get; } =
        Parameter.Flag("lower_order_final", true, "the order of the last steps is at most the number of steps left");

    /// <summary>The order of the step after <paramref name="step"/>, from the order asked for, the values known and the steps left.</summary>
    public static int Order(int asked, int known, int step, int steps, bool lowerOrderFinal)
    {
        int order = Math.Min(asked, known);
        return lowerOrderFinal ? Math.Min(order, steps - step) : order;
    }

    /// <summary>
    /// The step's size h in lambda = ln(alpha / sigma), and the past values' places (lambda - lambda_s) / h, the newest of the past first.
    /// </summary>
    public static double Nodes(StepHistory history, NoiseLevel to, Span<double> nodes)
    {
        double start = history.HalfLogSnr(0);
        double h = (0.5 * to.LogSnr) - start;
        for (int k = 0; k < nodes.Length; k++)
            nodes[k] = (history.HalfLogSnr(k + 1) - start) / h;
        return h;
    }
}
