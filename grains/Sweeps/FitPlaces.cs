namespace Sweep.Grains.Sweeps;

/// <summary>
/// Which silos were given trials of which class of fits lately, and so have that fit or are making it. A hint: silos forget, and nobody tells.
/// </summary>
public sealed class FitPlaces(FitClasses classes)
{
    /// <summary>As many draws of datasets as a silo keeps.</summary>
    private const int PerSilo = 16;

    private readonly Dictionary<long, LinkedList<long>> _bySilo = [];
    private readonly Dictionary<long, int> _silos = [];

    /// <summary>The silo was given the trial.</summary>
    public void Note(long silo, long ordinal)
    {
        long fit = classes.Of(ordinal);
        if (!_bySilo.TryGetValue(silo, out LinkedList<long>? latest))
            _bySilo[silo] = latest = new LinkedList<long>();
        if (!latest.Remove(fit))
            _silos[fit] = _silos.GetValueOrDefault(fit) + 1;
        latest.AddFirst(fit);
        if (latest.Count <= PerSilo)
            return;
        long dropped = latest.Last!.Value;
        latest.RemoveLast();
        if (--_silos[dropped] == 0)
            _silos.Remove(dropped);
    }

    /// <summary>
    /// The first few of some trials in the order of preference: those whose fit the silo has, then those whose fit nobody has, then the rest; otherwise as they
    /// come. Each that is chosen counts for the next.
    /// </summary>
    public List<SweepTrial> Nearest(long silo, List<SweepTrial> trials, int most)
    {
        HashSet<long> here = _bySilo.TryGetValue(silo, out LinkedList<long>? latest) ? [.. latest] : [];
        List<SweepTrial> left = [.. trials];
        List<SweepTrial> chosen = [];
        while (chosen.Count < most && left.Count > 0)
        {
            int at = left.FindIndex(t => here.Contains(classes.Of(t.Ordinal)));
            if (at < 0)
                at = Math.Max(0, left.FindIndex(t => !_silos.ContainsKey(classes.Of(t.Ordinal))));
            here.Add(classes.Of(left[at].Ordinal));
            chosen.Add(left[at]);
            left.RemoveAt(at);
        }

        return chosen;
    }
}
