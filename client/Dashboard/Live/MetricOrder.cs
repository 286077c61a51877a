using System.Collections;
using Sweep.Grains.Coordination;

namespace Sweep.Client.Dashboard.Live;

/// <summary>One metric's values by ordinal, and the trials sorted by it. Not thread-safe: callers hold <see cref="Gate"/>.</summary>
internal sealed class MetricOrder(int trials)
{
    private readonly double[] _values = new double[trials];
    private readonly BitArray _known = new(trials), _measured = new(trials);
    private int[]? _ascending, _descending;

    public SemaphoreSlim Gate { get; } = new(1, 1);

    public long Used { get; set; }

    /// <summary>Number of completed trials added, with or without a value.</summary>
    public int Known { get; private set; }

    public long Bytes => BytesOf(_values.Length);

    /// <summary>A value and two sort positions per trial.</summary>
    public static long BytesOf(int trials) => 16L * trials;

    /// <summary>Whether a trial's value is known, or that the ordinal is not one of the sweep's trials.</summary>
    public bool Knows(int ordinal) => ordinal < 0 || ordinal >= _values.Length || _known[ordinal];

    /// <summary>Adds a completed trial's value, which never changes.</summary>
    public void Add(int ordinal, double? value)
    {
        if (Knows(ordinal))
            return;
        _known[ordinal] = true;
        Known++;
        if (value is { } number && !double.IsNaN(number))
        {
            _measured[ordinal] = true;
            _values[ordinal] = number;
        }

        _ascending = _descending = null;
    }

    /// <summary>A page's ordinals: by value, ties by ordinal; trials without a value last.</summary>
    public int[] Page(TrialQuery query)
    {
        int[] order = query.Descending ? _descending ??= Sorted(-1) : _ascending ??= Sorted(1);
        IEnumerable<int> rest = Enumerable.Range(0, _values.Length).Where(o => !_measured[o]);
        return [.. order.Concat(rest).Where(o => (query.State is null || _known[o]) && query.Places.All(p => p.Of(o) == p.Value)).Skip(query.Skip)
            .Take(query.Take)];
    }

    private int[] Sorted(int sign)
    {
        int[] order = [.. Enumerable.Range(0, _values.Length).Where(o => _measured[o])];
        order.AsSpan().Sort((a, b) => _values[a].CompareTo(_values[b]) is var c && c != 0 ? sign * c : a.CompareTo(b));
        return order;
    }
}
