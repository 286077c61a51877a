using Sweep.Grains.Specs;

namespace Sweep.Grains.Comparison.Report;

/// <summary>One comparison that a spec asks for.</summary>
/// <param name="B">The index of the value that is compared with the baseline.</param>
/// <param name="Places">Where, the compared axis at its baseline: one place, or all those that are averaged over.</param>
/// <param name="Averaged">The axes that are averaged over; empty for a full group.</param>
internal sealed record PlannedComparison(int B, IReadOnlyList<int[]> Places, IReadOnlyList<int> Averaged);

/// <summary>
/// What a spec compares, fixed before any result: the baseline of the compared axis with each other value, in every full group, and for every data set and
/// schedule averaged over the other axes within each seed, so that seeds stay the unit of replication. What the spec alone shows to have no value on either
/// side is left out. Nothing is planned of a search, whose groups differ in every axis at once.
/// </summary>
internal sealed class ComparisonPlan
{
    /// <summary>Axes that are never averaged over.</summary>
    public static readonly IReadOnlyList<string> PlaceAxes = ["dataset", "schedule"];

    private readonly IReadOnlyList<SweepAxis> _axes;
    private readonly PlannedMetrics _metrics;
    private readonly int[] _averaged;

    /// <exception cref="ArgumentException">A baseline that isn't on its axis.</exception>
    public ComparisonPlan(SweepSpec spec)
    {
        _axes = spec.Axes;
        _metrics = new PlannedMetrics(spec);
        Axis = spec.Places.IsGrid ? _axes.ToList().FindIndex(a => string.Equals(a.Name, spec.Compare.Axis, StringComparison.Ordinal)) : -1;
        Labels = Axis < 0 ? [] : [.. _axes[Axis].Values.Select(AxisText.Of)];
        Baseline = Array.IndexOf(Labels, spec.Compare.Baseline);
        if (Axis >= 0 && Baseline < 0)
            throw new ArgumentException($"compare.baseline is not on its axis: {spec.Compare.Baseline}; allowed: {string.Join(", ", Labels)}", nameof(spec));
        _averaged =
        [
            .. Enumerable.Range(0, _axes.Count)
                .Where(i => i != Axis && _axes[i].Values.Count > 1 && !PlaceAxes.Contains(_axes[i].Name, StringComparer.Ordinal)),
        ];
    }

    /// <summary>The compared axis; -1 when the sweep hasn't it or is a search, and then nothing is planned.</summary>
    public int Axis { get; }

    public int Baseline { get; }

    /// <summary>The compared axis' values.</summary>
    public string[] Labels { get; }

    /// <summary>The comparisons by a metric, averages before the groups of an arm, in grid order.</summary>
    /// <param name="metric">What both sides must have by the spec.</param>
    /// <param name="fits">Whether two places can be compared, where the spec's metrics alone don't say; null for always.</param>
    public IEnumerable<PlannedComparison> Of(string metric, Func<int[], int[], bool>? fits = null)
    {
        if (Axis < 0)
            yield break;
        int[][] places = [.. Places()];
        for (int b = 0; b < Labels.Length; b++)
        {
            if (b == Baseline)
                continue;
            int[][] testable = [.. places.Where(p => Testable(p, With(p, b)))];
            if (_averaged.Length > 0)
            {
                // An average of some of its groups alone would not be the average that the others are.
                foreach (IGrouping<string, int[]> level in testable.GroupBy(Level).Where(g => g.Count() == Settings))
                    yield return new PlannedComparison(b, [.. level], _averaged);
            }

            foreach (int[] place in testable)
                yield return new PlannedComparison(b, [place], []);
        }

        bool Testable(int[] a, int[] b) => Missing(metric, a) is null && Missing(metric, b) is null && (fits is null || fits(a, b));
    }

    /// <summary>How many comparisons a metric's family has.</summary>
    public int Size(string metric) => Of(metric).Count();

    /// <summary>Why a place can't have a metric by the spec alone; null where it may.</summary>
    public string? Missing(string metric, IReadOnlyList<int> place) => _metrics.Missing(metric, place);

    /// <summary>A place with another value on the compared axis.</summary>
    public int[] With(int[] place, int value)
    {
        int[] copy = [.. place];
        copy[Axis] = value;
        return copy;
    }

    /// <summary>Every place of the grid with the compared axis at its baseline, the last axis fastest.</summary>
    public IEnumerable<int[]> Places()
    {
        if (Axis < 0)
            yield break;
        int[] at = new int[_axes.Count];
        at[Axis] = Baseline;
        while (true)
        {
            yield return [.. at];
            int axis = at.Length - 1;
            while (axis >= 0 && (axis == Axis || ++at[axis] == _axes[axis].Values.Count))
            {
                at[axis] = axis == Axis ? Baseline : 0;
                axis--;
            }

            if (axis < 0)
                yield break;
        }
    }

    /// <summary>Groups of one average.</summary>
    private int Settings => _averaged.Aggregate(1, (n, axis) => n * _axes[axis].Values.Count);

    private string Level(int[] place) => string.Join(',', place.Where((_, i) => !_averaged.Contains(i)));
}
