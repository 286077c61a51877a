using Sweep.Grains.Comparison;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;

namespace Sweep.Client.Running;

/// <summary>
/// Ranks groups within each dataset as results come in, by the mean of <see cref="MetricMerit"/> over the seeds that have finished. A seed that is never there
/// counts as one step beyond the last; any other seed without a value (it diverged) puts its group behind those that have all theirs. Not thread-safe.
/// </summary>
internal sealed class BestSoFar(string metric)
{
    private readonly Dictionary<(string Dataset, string Group), Standing> _groups = [];

    public void Add(TrialSpec trial, TrialResult result)
    {
        MetricValue value = MetricReader.Read(trial, result, metric);
        if (value is { Value: null, Reason: MetricReader.Never })
            value = value with { Value = MetricReader.LeastNever(trial, result, metric) };
        var key = (trial.Dataset.Name, trial.Group);
        if (!_groups.TryGetValue(key, out Standing? standing))
            _groups[key] = standing = new Standing(TrialWords.Axes(trial, withDataset: false));
        standing.Add(value, MetricMerit.Of(metric, value));
    }

    /// <summary>One per dataset in which something can be ranked.</summary>
    public IReadOnlyList<BestLine> Lines() =>
    [
        .. _groups.Where(g => g.Value.Merit is not null).GroupBy(g => g.Key.Dataset, StringComparer.Ordinal)
            .Select(dataset => dataset.Select(g => g.Value).OrderBy(g => g.Missing > 0).ThenByDescending(g => g.Merit).First().Line(dataset.Key, metric)),
    ];

    /// <summary>A group so far.</summary>
    private sealed class Standing(string words)
    {
        private double _values, _truthLevels, _merits;
        private int _count;

        public int Missing { get; private set; }

        public double? Merit => _count > 0 ? _merits / _count : null;

        public void Add(MetricValue value, double? merit)
        {
            if (value.Value is not { } v || merit is not { } m)
            {
                Missing++;
                return;
            }

            _values += v;
            _merits += m;
            _truthLevels += value.TruthLevel ?? double.NaN;
            _count++;
        }

        public BestLine Line(string dataset, string metric) => new(
            dataset, words, metric, _values / _count, double.IsFinite(_truthLevels) ? _truthLevels / _count : null, _count);
    }
}
