using System.Text.Json.Nodes;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;

namespace Sweep.Grains.Comparison.Report;

/// <summary>Completed trials arranged on the sweep's grid. Cells come in the spec's order, whatever order trials completed in.</summary>
internal sealed class TrialTable
{
    private readonly Dictionary<string, TrialCell> byKey = new(StringComparer.Ordinal);

    /// <exception cref="ArgumentException">A trial that isn't on the grid, or the same trial twice.</exception>
    public TrialTable(SweepSpec spec, IEnumerable<CompletedTrial> completed)
        : this(spec.Axes, spec.Places, spec.Seeds, completed)
    {
    }

    private TrialTable(IReadOnlyList<SweepAxis> axes, SweepPlaces settings, IReadOnlyList<long> seeds, IEnumerable<CompletedTrial> completed)
    {
        Axes = axes;
        Places = settings;
        Seeds = seeds;
        Dictionary<string, int>[] places =
        [
            .. axes.Select(axis => axis.Values.Select((value, i) => (Text: AxisText.Of(value), i))
                .ToDictionary(p => p.Text, p => p.i, StringComparer.Ordinal)),
        ];
        foreach (CompletedTrial trial in completed)
        {
            int[] place = new int[Axes.Count];
            for (int axis = 0; axis < place.Length; axis++)
            {
                string text = AxisText.Of(trial.Trial.Axes[Axes[axis].Name]);
                if (!places[axis].TryGetValue(text, out place[axis]))
                {
                    throw new ArgumentException(
                        $"trial {trial.Trial.Id} is not of this sweep: {Axes[axis].Name} {text}; allowed: {string.Join(", ", places[axis].Keys)}",
                        nameof(completed));
                }
            }

            string key = Key(place);
            if (!byKey.TryGetValue(key, out TrialCell? cell))
            {
                JsonObject values = [];
                for (int axis = 0; axis < place.Length; axis++)
                    values[Axes[axis].Name] = Axes[axis].Values[place[axis]].DeepClone();
                byKey[key] = cell = new TrialCell(place, values, new SortedDictionary<long, CompletedTrial>());
            }

            if (!((SortedDictionary<long, CompletedTrial>)cell.BySeed).TryAdd(trial.Trial.Seed, trial))
                throw new ArgumentException($"completed twice: trial {trial.Trial.Id}, seed {trial.Trial.Seed}; allowed: once", nameof(completed));
        }

        Cells = [.. byKey.Values.Order(Comparer<TrialCell>.Create(static (x, y) => x.Place.AsSpan().SequenceCompareTo(y.Place)))];
    }

    public IReadOnlyList<SweepAxis> Axes { get; }

    /// <summary>The settings that the sweep plans.</summary>
    public SweepPlaces Places { get; }

    public IReadOnlyList<long> Seeds { get; }

    /// <summary>Cells with at least one completed trial.</summary>
    public IReadOnlyList<TrialCell> Cells { get; }

    /// <summary>The results of the trials that the sweep had at a look.</summary>
    public TrialTable At(SweepLook look) =>
        new(Axes, Places, [.. Seeds.Where(look.Seeds.Contains)], Cells.SelectMany(c => c.BySeed.Values).Where(t => look.Has(t.Trial)));

    /// <summary>The results of the first so many seeds: what a look of a race sees.</summary>
    public TrialTable Prefix(int seeds)
    {
        long[] first = [.. Seeds.Take(seeds)];
        HashSet<long> among = [.. first];
        return new TrialTable(Axes, Places, first, Cells.SelectMany(c => c.BySeed.Values).Where(t => among.Contains(t.Trial.Seed)));
    }

    /// <summary>The cell at a place; null when nothing there has completed.</summary>
    public TrialCell? At(ReadOnlySpan<int> place) => byKey.GetValueOrDefault(Key(place));

    /// <summary>The index of an axis; -1 when the sweep hasn't one.</summary>
    public int AxisIndex(string name)
    {
        for (int i = 0; i < Axes.Count; i++)
        {
            if (string.Equals(Axes[i].Name, name, StringComparison.Ordinal))
                return i;
        }

        return -1;
    }

    private static string Key(ReadOnlySpan<int> place) => string.Join(',', place.ToArray());
}
