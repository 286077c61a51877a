namespace Sweep.Grains.Comparison.Statistics.Racing;

/// <summary>
/// Looks declared before any result: after how many seeds results are judged, and which share of the level each look spends. The shares sum to 1, so that by
/// the union bound the smallest p_k / w_k over the looks is a p-value (<see cref="SequentialP"/>).
/// </summary>
public sealed record LookPlan
{
    /// <summary>How far the shares' sum may be from 1: the rounding of written numbers.</summary>
    private const double Rounding = 1e-9;

    /// <param name="seeds">Seeds by each look, rising, the first at least 2.</param>
    /// <param name="weights">Shares of the level, one per look, positive, summing to 1; null for shares proportional to the seeds.</param>
    /// <exception cref="ArgumentException">Anything else.</exception>
    public LookPlan(IReadOnlyList<int> seeds, IReadOnlyList<double>? weights = null)
        : this(seeds, Checked(seeds, weights), null)
    {
    }

    private LookPlan(IReadOnlyList<int> seeds, IReadOnlyList<double> weights, LookPlan? _) => (Seeds, Weights) = (seeds, weights);

    /// <summary>Seeds by each look, rising.</summary>
    public IReadOnlyList<int> Seeds { get; }

    /// <summary>Each look's share of the level.</summary>
    public IReadOnlyList<double> Weights { get; }

    public int Count => Seeds.Count;

    /// <summary>Seeds at the last look.</summary>
    public int Most => Seeds[^1];

    /// <summary>The share of a look, counted from 1.</summary>
    public double Weight(int look) => Weights[look - 1];

    /// <summary>Every look at full level: what the shares are for, as a control in simulations.</summary>
    internal static LookPlan Peeking(IReadOnlyList<int> seeds) => new(seeds, [.. seeds.Select(_ => 1.0)], null);

    private static IReadOnlyList<double> Checked(IReadOnlyList<int> seeds, IReadOnlyList<double>? weights)
    {
        ArgumentNullException.ThrowIfNull(seeds);
        string shown = $"[{string.Join(", ", seeds)}]";
        if (seeds.Count == 0 || seeds[0] < 2 || seeds.Zip(seeds.Skip(1)).Any(p => p.First >= p.Second))
            throw new ArgumentException($"looks: {shown}; allowed: rising numbers of seeds, the first at least 2", nameof(seeds));
        if (weights is null)
        {
            double all = seeds.Sum(n => (double)n);
            return [.. seeds.Select(n => n / all)];
        }

        if (weights.Count != seeds.Count || weights.Any(w => !(w > 0)) || !(Math.Abs(weights.Sum() - 1) <= Rounding))
        {
            throw new ArgumentException(
                $"shares of the looks {shown}: [{string.Join(", ", weights)}]; allowed: one positive number per look, summing to 1", nameof(weights));
        }

        return weights;
    }
}
