using System.Collections;
using System.Diagnostics.CodeAnalysis;
using Sweep.Grains.Coordination;

namespace Sweep.Client.Dashboard.Live;

/// <summary>A trial's metrics, compact enough for a hundred thousand trials: names are shared, and a linear search is fastest for so few. Immutable.</summary>
internal sealed class KeptMetrics : IReadOnlyDictionary<string, MetricValue>
{
    private readonly string[] _names;
    private readonly MetricValue[] _values;

    private KeptMetrics(string[] names, MetricValue[] values) => (_names, _values) = (names, values);

    public int Count => _names.Length;

    public IEnumerable<string> Keys => _names;

    public IEnumerable<MetricValue> Values => _values;

    public MetricValue this[string key] => TryGetValue(key, out MetricValue? value) ? value
        : throw new KeyNotFoundException($"no metric: {key}; allowed: {string.Join(", ", _names)}");

    /// <param name="metrics">The metrics to keep.</param>
    /// <param name="known">Lists of names seen so far in the sweep.</param>
    public static KeptMetrics Of(IReadOnlyDictionary<string, MetricValue> metrics, List<string[]> known)
    {
        string[]? names = known.Find(n => n.AsSpan().SequenceEqual([.. metrics.Keys]));
        if (names is null)
            known.Add(names = [.. metrics.Keys]);
        return new KeptMetrics(names, [.. metrics.Values]);
    }

    public bool ContainsKey(string key) => Array.IndexOf(_names, key) >= 0;

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out MetricValue value)
    {
        int at = Array.IndexOf(_names, key);
        value = at < 0 ? null : _values[at];
        return at >= 0;
    }

    public IEnumerator<KeyValuePair<string, MetricValue>> GetEnumerator() => _names.Zip(_values, KeyValuePair.Create).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
