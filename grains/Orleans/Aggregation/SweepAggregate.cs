using Sweep.Grains.Comparison.Report;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;

namespace Sweep.Grains.Orleans.Aggregation;

/// <summary>
/// A sweep's completed trials as far as comparisons go, put together one by one in any order. Groups have their means, variances and paired differences at any
/// time; verdicts, which depend on all comparisons together (pooled variances, Holm), are the report's own code on the reduced results. Not thread-safe; what
/// <see cref="Snapshot"/> gives is.
/// </summary>
internal sealed class SweepAggregate
{
    private readonly SweepSpec _spec;
    private readonly TrialSpec[] _trials;
    private readonly CompletedTrial?[] _completed;
    private readonly HashSet<int> _tuning = [];
    private readonly GroupAggregate[] _groups;
    private readonly int _axis;
    private readonly int _baseline;
    private readonly int _stride;

    public SweepAggregate(SweepSpec spec)
    {
        _spec = spec;
        Needs = AggregateNeeds.Of(spec);

        // Trials are numbered as the spec expands: the places in their order, and within each the seeds.
        _trials = [.. TrialExpansion.Expand(spec)];
        _completed = new CompletedTrial?[_trials.Length];
        _groups = [.. Enumerable.Range(0, _trials.Length / spec.Seeds.Count).Select(_ => new GroupAggregate())];
        // A search has no pairs.
        _axis = spec.Places.IsGrid ? Enumerable.Range(0, spec.Axes.Count).FirstOrDefault(a => spec.Axes[a].Name == spec.Compare.Axis, -1) : -1;
        _baseline = _axis < 0
            ? -1
            : Enumerable.Range(0, spec.Axes[_axis].Values.Count).FirstOrDefault(v => AxisText.Of(spec.Axes[_axis].Values[v]) == spec.Compare.Baseline, -1);
        _stride = _axis < 0 ? 1 : spec.Axes.Skip(_axis + 1).Aggregate(1, (n, a) => n * a.Values.Count);
    }

    public SweepSpec Spec => _spec;

    public AggregateNeeds Needs { get; }

    /// <summary>Whether what it compares isn't known before tuning has chosen.</summary>
    public bool IsProvisional => _spec is { Tune: not null, Tuned: null };

    /// <summary>Trials that are in it, those that tune too.</summary>
    public int Count { get; private set; }

    public int Groups => _groups.Length;

    public bool Has(int ordinal) => ordinal < _completed.Length ? _completed[ordinal] is not null : _tuning.Contains(ordinal);

    public GroupAggregate Group(int group) => _groups[group];

    /// <summary>A group's first trial, which says where it is on the axes.</summary>
    public TrialSpec First(int group) => _trials[group * _spec.Seeds.Count];

    /// <summary>Takes a result in; one that is in already changes nothing, and one of tuning is only counted.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The sweep has no such trial.</exception>
    public void Add(int ordinal, TrialResult result)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(ordinal, _spec.TrialCount);
        ArgumentOutOfRangeException.ThrowIfNegative(ordinal);
        if (Has(ordinal))
            return;
        Count++;
        if (ordinal >= _trials.Length)
        {
            _tuning.Add(ordinal);
            return;
        }

        CompletedTrial trial = new(_trials[ordinal], Needs.Reduce(result));
        _completed[ordinal] = trial;
        int group = ordinal / _spec.Seeds.Count;
        _groups[group].Add(trial, _spec.Compare.Metric);
        Pair(group, trial.Trial.Seed);
    }

    /// <summary>The trials that are in it now, in the spec's order: for <see cref="Compare"/> on another thread.</summary>
    public CompletedTrial[] Snapshot() => [.. _completed.OfType<CompletedTrial>()];

    /// <summary>The report's comparisons of these trials. Takes a while for a large sweep.</summary>
    public static (IReadOnlyList<ComparisonSection> Comparisons, FamilySection Family) Compare(
        SweepSpec spec, CompletedTrial[] completed, IReadOnlyList<JudgedLook> looks) =>
        ReportBuilder.Judge(new TrialTable(spec, completed), spec, new ComparisonPlan(spec), looks);

    /// <summary>Differences that this seed of this group completes.</summary>
    private void Pair(int group, long seed)
    {
        if (_baseline < 0)
            return;
        int values = _spec.Axes[_axis].Values.Count;
        int value = group / _stride % values;
        int baseline = group + ((_baseline - value) * _stride);
        IEnumerable<int> others = value == _baseline
            ? Enumerable.Range(0, values).Where(v => v != _baseline).Select(v => group + ((v - _baseline) * _stride))
            : [group];
        foreach (int other in others)
        {
            if (_groups[baseline].ScoreOf(seed) is { } a && _groups[other].ScoreOf(seed) is { } b)
                _groups[other].Difference.Add(b - a);
        }
    }
}
