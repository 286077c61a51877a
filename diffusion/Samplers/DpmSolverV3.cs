using Sweep.Diffusion.Kinds;
using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Schedules;

namespace Sweep.Diffusion.Samplers;

/// <summary>
/// DPM-Solver-v3 (Zheng et al., arXiv 2310.13268, algorithm 2): a multistep predictor and corrector of the same order on a linear part, scaling and bias
/// that were measured on the model (<see cref="ModelStatistics"/>). <see cref="Prepare"/> measures them: five evaluations per point and level, once per model,
/// outside the count of evaluations, at levels that are no farther apart than <see cref="WidestSpacing"/>. One evaluation a step. The last step is not
/// corrected; the step to a clean level is x0-hat at the corrected point, as the linear part carries it there. Yielded states are the corrected ones; their
/// x0-hats, which no step uses, are not counted.
/// </summary>
public sealed class DpmSolverV3 : ISampler
{
    /// <summary>
    /// In ln sigma, between levels at which the model is measured. With the exact score of mixtures, all schedules, grids of 25 to 200 steps: from 0.23 on
    /// samples run away on some (to 1e28 standard deviations at 0.34), as the splines' overshoot is exponentiated; at 0.17 none goes farther than with many
    /// more levels.
    /// </summary>
    internal const double WidestSpacing = 0.17;

    /// <summary>Enough for sigma from 0.002 to 80; wider ranges get more.</summary>
    internal const int FewestLevels = 64;

    private readonly int _order;
    private readonly bool _lowerOrderFinal;
    private readonly int _levels;
    private readonly int _points;
    private readonly ModelStatistics? _statistics;

    public DpmSolverV3(int order = 3, bool lowerOrderFinal = true, int statisticsLevels = 120, int statisticsPoints = 1024)
    {
        if (order is not (2 or 3))
            throw new KindException($"dpm-v3: order {order}; allowed: 2 or 3");
        if (statisticsLevels < FewestLevels)
            throw new KindException($"dpm-v3: statistics_levels {statisticsLevels}; allowed: {FewestLevels} or more");
        if (statisticsPoints < 16)
            throw new KindException($"dpm-v3: statistics_points {statisticsPoints}; allowed: 16 or more");
        _order = order;
        _lowerOrderFinal = lowerOrderFinal;
        _levels = statisticsLevels;
        _points = statisticsPoints;
    }

    private DpmSolverV3(DpmSolverV3 unprepared, ModelStatistics statistics)
        : this(unprepared._order, unprepared._lowerOrderFinal, unprepared._levels, unprepared._points) =>
        _statistics = statistics;

    public static Kind<ISampler> Kind { get; } = new(
        "dpm-v3",
        "DPM-Solver-v3: multistep predictor-corrector with statistics measured on the model",
        [
            Parameter.Integer("order", 3, 2, 3, "order of predictor and corrector"),
            MultistepParameters.LowerOrderFinal,
            Parameter.Integer("statistics_levels", 120, FewestLevels, 10_000,
                "noise levels at which the model is measured, more where they would be farther apart than 0.17 in ln sigma"),
            Parameter.Integer("statistics_points", 1024, 16, 1_000_000, "training points on which it is measured"),
        ],
        p => new DpmSolverV3(p.Integer("order"), p.Flag(MultistepParameters.LowerOrderFinal.Name), p.Integer("statistics_levels"),
            p.Integer("statistics_points")));

    /// <inheritdoc/>
    public ISampler Prepare(SamplerPreparation preparation)
    {
        ArgumentNullException.ThrowIfNull(preparation);
        SamplerArguments.RequireGrid(preparation.Grid);
        return new DpmSolverV3(this, ModelStatisticsEstimator.Estimate(preparation, _levels, _points));
    }

    /// <inheritdoc/>
    public IEnumerable<ReverseState> Sample(IDenoiser denoiser, IReadOnlyList<NoiseLevel> grid, double[] initial, ISamplerNoise noise)
    {
        ArgumentNullException.ThrowIfNull(denoiser);
        SamplerArguments.RequireGrid(grid);
        ModelStatistics statistics = _statistics ?? throw new InvalidOperationException("dpm-v3 samples only after Prepare");
        RequireMeasured(statistics, grid);
        return Run(statistics, denoiser, grid, initial);
    }

    private static void RequireMeasured(ModelStatistics statistics, IReadOnlyList<NoiseLevel> grid)
    {
        // exp and log round.
        const double slack = 1e-9;
        double least = grid[^1].Noise > 0 ? grid[^1].Sigma : grid[^2].Sigma;
        if (!(grid[0].Sigma <= Math.Exp(-statistics.First) * (1 + slack) && least >= Math.Exp(-statistics.Last) * (1 - slack)))
        {
            throw new ArgumentException(
                $"a grid from sigma {grid[0].Sigma} to {least}; allowed: within {Math.Exp(-statistics.First)} to {Math.Exp(-statistics.Last)}, where the "
                    + $"model was measured", nameof(grid));
        }
    }

    private IEnumerable<ReverseState> Run(ModelStatistics statistics, IDenoiser denoiser, IReadOnlyList<NoiseLevel> grid, double[] initial)
    {
        // x is the state as yielded, y the state over alpha; the history holds f = (1 - l) y - x0-hat.
        double[] x = [.. initial];
        double[] y = Array.ConvertAll(initial, v => v / grid[0].Signal);
        var predicted = new double[x.Length];
        var x0Hat = new double[x.Length];
        var history = new StepHistory(_order, x.Length);
        denoiser.Denoise(x, grid[0], x0Hat);
        Remember(statistics, grid[0], y, x0Hat, history);
        yield return new ReverseState { Step = 0, Level = grid[0], X = x, X0Hat = x0Hat, Evaluations = 0 };
        for (int step = 0; step + 1 < grid.Count; step++)
        {
            NoiseLevel to = grid[step + 1];
            bool last = step + 2 == grid.Count;
            if (to.Noise == 0)
            {
                for (int i = 0; i < x.Length; i++)
                    y[i] = ((1 - statistics.Linear(i % statistics.Dimensions, history.HalfLogSnr(0))) * y[i]) - history.Values(0)[i];
            }
            else
            {
                int order = MultistepParameters.Order(_order, history.Count, step, grid.Count - 1, _lowerOrderFinal);
                DpmSolverV3Step[] steps = Steps(statistics, history.HalfLogSnr(0), 0.5 * to.LogSnr);
                Update(steps, history, order, corrects: false, y, predicted);
                if (!last)
                {
                    Scale(to.Signal, predicted, x);
                    denoiser.Denoise(x, to, x0Hat);
                    Remember(statistics, to, predicted, x0Hat, history);
                    if (order > 1)
                        Update(steps, history, order, corrects: true, y, predicted);
                }

                predicted.CopyTo(y, 0);
            }

            Scale(to.Signal, y, x);
            denoiser.Denoise(x, to, x0Hat);
            yield return new ReverseState { Step = step + 1, Level = to, X = x, X0Hat = x0Hat, Evaluations = last ? step + 1 : step + 2 };
        }
    }

    private static DpmSolverV3Step[] Steps(ModelStatistics statistics, double start, double end)
    {
        var steps = new DpmSolverV3Step[statistics.Dimensions];
        for (int j = 0; j < steps.Length; j++)
            steps[j] = new DpmSolverV3Step(statistics, j, start, end);
        return steps;
    }

    private static void Remember(ModelStatistics statistics, NoiseLevel level, double[] y, double[] x0Hat, StepHistory history)
    {
        double[] f = history.Push(level);
        var kept = new double[statistics.Dimensions];
        for (int j = 0; j < kept.Length; j++)
            kept[j] = 1 - statistics.Linear(j, 0.5 * level.LogSnr);
        for (int i = 0; i < f.Length; i++)
            f[i] = (kept[i % kept.Length] * y[i]) - x0Hat[i];
    }

    /// <summary>
    /// Algorithm 1. The predictor's nodes are past values; the corrector's first node is the end of the step, which is then the history's newest entry.
    /// </summary>
    private static void Update(DpmSolverV3Step[] steps, StepHistory history, int order, bool corrects, double[] y, double[] result)
    {
        int start = corrects ? 1 : 0;
        Span<double> lambdas = stackalloc double[order - 1];
        Span<double> nodes = stackalloc double[order - 1];
        Span<int> ages = stackalloc int[order];
        ages[0] = start;
        for (int k = 0; k < order - 1; k++)
        {
            ages[k + 1] = corrects && k == 0 ? 0 : k + 1;
            lambdas[k] = history.HalfLogSnr(ages[k + 1]);
            nodes[k] = (lambdas[k] - history.HalfLogSnr(start)) / steps[0].Length;
        }

        Span<double> weights = stackalloc double[order];
        int dimensions = steps.Length;
        for (int j = 0; j < dimensions; j++)
        {
            double added = steps[j].Combine(lambdas, nodes, weights);
            for (int i = j; i < y.Length; i += dimensions)
            {
                double sum = (steps[j].Decay * y[i]) + added;
                for (int k = 0; k < order; k++)
                    sum += weights[k] * history.Values(ages[k])[i];
                result[i] = sum;
            }
        }
    }

    private static void Scale(double factor, double[] from, double[] to)
    {
        for (int i = 0; i < from.Length; i++)
            to[i] = factor * from[i];
    }
}
