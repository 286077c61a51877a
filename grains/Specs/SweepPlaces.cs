namespace Sweep.Grains.Specs;

/// <summary>
/// Which settings a sweep has, and in which order: a group's number is its place in the sweep's expansion, and its place is the index of its value on every
/// axis. Of a grid they are the product of the axes, the last one fastest; of a search the points of its sequence.
/// </summary>
public sealed class SweepPlaces
{
    private readonly int[] _sizes;
    private readonly IReadOnlyList<int[]>? _points;
    private readonly Lazy<Dictionary<string, int>> _groups;

    private SweepPlaces(int[] sizes, IReadOnlyList<int[]>? points)
    {
        (_sizes, _points) = (sizes, points);
        _groups = new Lazy<Dictionary<string, int>>(
            () => (_points ?? []).Select((point, group) => (point, group)).ToDictionary(p => Key(p.point), p => p.group, StringComparer.Ordinal));
    }

    /// <summary>Of every combination of the axes' values.</summary>
    /// <param name="sizes">How many values each has.</param>
    public static SweepPlaces Grid(IEnumerable<int> sizes) => new([.. sizes], null);

    /// <summary>Of these alone.</summary>
    /// <param name="sizes">How many values each axis has.</param>
    /// <param name="points">In order, each once.</param>
    public static SweepPlaces Search(IEnumerable<int> sizes, IReadOnlyList<int[]> points) => new([.. sizes], points);

    /// <summary>Whether every combination is there.</summary>
    public bool IsGrid => _points is null;

    /// <summary>Groups.</summary>
    public long Count => _points?.Count ?? _sizes.Aggregate(1L, (n, size) => n * size);

    /// <summary>Where a group is.</summary>
    public int[] At(long group)
    {
        if (_points is not null)
            return [.. _points[(int)group]];
        int[] place = new int[_sizes.Length];
        for (int axis = place.Length - 1; axis >= 0; axis--)
        {
            place[axis] = (int)(group % _sizes[axis]);
            group /= _sizes[axis];
        }

        return place;
    }

    /// <summary>A place's group; null where there is none.</summary>
    public int? GroupOf(IReadOnlyList<int> place)
    {
        ArgumentNullException.ThrowIfNull(place);
        if (_points is not null)
            return _groups.Value.TryGetValue(Key(place), out int found) ? found : null;
        int group = 0;
        for (int axis = 0; axis < place.Count; axis++)
            group = (group * _sizes[axis]) + place[axis];
        return group;
    }

    /// <summary>The places that have one of these values on each axis, the last axis fastest of a grid, in the sequence's order of a search.</summary>
    /// <param name="allowed">By axis, in the order in which they are gone through.</param>
    public IEnumerable<int[]> Within(IReadOnlyList<IReadOnlyList<int>> allowed)
    {
        ArgumentNullException.ThrowIfNull(allowed);
        return _points is null ? Product(allowed) : All().Where(p => p.Select((value, axis) => allowed[axis].Contains(value)).All(there => there));
    }

    /// <summary>All of them, in order.</summary>
    public IEnumerable<int[]> All() =>
        _points is { } points ? points.Select(p => (int[])[.. p]) : Product([.. _sizes.Select(n => Enumerable.Range(0, n).ToArray())]);

    private static IEnumerable<int[]> Product(IReadOnlyList<IReadOnlyList<int>> allowed)
    {
        if (allowed.Any(a => a.Count == 0))
            yield break;
        int[] at = new int[allowed.Count];
        while (true)
        {
            yield return [.. at.Select((v, i) => allowed[i][v])];
            int axis = at.Length - 1;
            while (axis >= 0 && ++at[axis] == allowed[axis].Count)
                at[axis--] = 0;
            if (axis < 0)
                yield break;
        }
    }

    private static string Key(IReadOnlyList<int> place) => string.Join(',', place);
}
