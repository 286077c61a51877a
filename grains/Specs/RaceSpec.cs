namespace Sweep.Grains.Specs;

/// <summary>
/// A race over seeds: results are judged after the first so many seeds of each group, and only groups that are still open get the next ones. Fixed before any
/// result.
/// </summary>
public sealed record RaceSpec
{
    /// <summary>Seeds of each group by each look, rising; the last is how many seeds the spec has.</summary>
    public required IReadOnlyList<int> Looks { get; init; }

    /// <summary>Each look's share of the level; null for shares proportional to the seeds.</summary>
    public IReadOnlyList<double>? Spend { get; init; }

    /// <summary>Differences below it count as none; null where no such claim is tested.</summary>
    public double? Margin { get; init; }

    /// <summary>Whether comparisons that can't be decided with the seeds planned stop.</summary>
    public bool Futility { get; init; } = true;

    /// <summary>The look that first asks for a seed, from 1.</summary>
    /// <param name="seed">Its place among the spec's seeds, from 0.</param>
    public int StageOf(int seed)
    {
        int look = 0;
        while (look < Looks.Count && Looks[look] <= seed)
            look++;
        return look < Looks.Count ? look + 1
            : throw new ArgumentOutOfRangeException(nameof(seed), seed, $"allowed: less than {Looks[^1]}");
    }
}
