using System.Collections;
using Sweep.Grains.Coordination;

namespace Sweep.Client.Dashboard.Live;

/// <summary>One metric's values by ordinal, and the trials in their order. For one thread at a time, which <see cref="Gate"/> sees to.</summary>
internal sealed class MetricOrder(int trials)
{
    private readonly double[] _values = new double[trials];
    private readonly BitArray _known = new(trials), _measured = new(trials);
    private int[]? _ascending, _descending;

    public SemaphoreSlim Gate { get; } = new(1, 1);

    public long Used { get; set; }

    /// <summary>Completed trials that it has, with a value or without.</summary>
    public int Known { get; private set; }

    public long Bytes => BytesOf(_values.Length);

    /// <summary>A value and two places in an order, for each trial.</summary>
    public static long BytesOf(int trials) => 16L * trials;

    /// <summary>Whether a trial's value is known, or the ordinal is no trial of the sweep.</summary>
    public bool Knows(int ordinal) => ordinal < 0 || ordinal >= _values.Length || _known[ordinal];

    /// <summary>A completed trial's value never changes: what is known stays.</summary>
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

    /// <summary>A page's ordinals: by value, equal ones and those without a value, which come last, by ordinal.</summary>
    public int[] Page(TrialQuery query)
    {
        int[] order = query.Descending ? _descending ??= Sorted(-1) : _ascending ??= Sorted(1);
        IEnumerable<int> rest = Enumerable.Range(0, _values.Length).Where(o => !_measured[o]);
        return [.. order.Concat(rest).Where(o => (query.State is null || _known[o]) && query.Places.All(p => p.Of(o) == p.Value)).Skip(query.Skip).Take(query.Take)];
    }

    private int[] Sorted(int sign)
    {
        int[] order = [.. Enumerable.Range(0, _values.Length).Where(o => _measured[o])];
        order.AsSpan().Sort((a, b) => _values[a].CompareTo(_values[b]) is var c && c != 0 ? sign * c : a.CompareTo(b));
        return order;
    }
}
