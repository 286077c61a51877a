using Sweep.Grains.Orleans.Wire;

namespace Sweep.Grains.Orleans;

/// <summary>Whose turn it is between sweeps.</summary>
internal static class DispatchOrder
{
    /// <summary>
    /// The best few of several sweeps' heads: by descending cost, then older sweeps, then spec order. A silo that has a trial which may be what kills silos
    /// gets no other, and one that has none gets one.
    /// </summary>
    public static List<(string Sweep, WireCandidate Trial)> Best((string Sweep, WireHead Head)[] heads, int most)
    {
        IEnumerable<(string Sweep, WireCandidate Trial)> all = heads
            .SelectMany(h => h.Head.Candidates.Select(c => (h.Sweep, c)))
            .OrderByDescending(c => c.c.Cost).ThenBy(c => c.c.Sweep).ThenBy(c => c.c.Ordinal);
        bool suspectSeen = heads.Any(h => h.Head.HoldsSuspect);
        List<(string, WireCandidate)> best = [];
        foreach ((string sweep, WireCandidate trial) in all)
        {
            if (best.Count == most)
                break;
            if (trial.Suspect && suspectSeen)
                continue;
            suspectSeen |= trial.Suspect;
            best.Add((sweep, trial));
        }

        return best;
    }
}
