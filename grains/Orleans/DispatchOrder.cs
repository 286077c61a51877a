using Sweep.Grains.Orleans.Wire;

namespace Sweep.Grains.Orleans;

/// <summary>Whose turn it is between sweeps.</summary>
internal static class DispatchOrder
{
    /// <summary>
    /// The best few of several sweeps' heads, each in the order that its sweep prefers: by descending cost of what comes next in each, then older sweeps, then spec order. A silo that has a trial which may be what kills silos
    /// gets no other, and one that has none gets one.
    /// </summary>
    public static List<(string Sweep, WireCandidate Trial)> Best((string Sweep, WireHead Head)[] heads, int most, bool holdsSuspect)
    {
        List<(string Sweep, Queue<WireCandidate> Left)> queues = [.. heads.Select(h => (h.Sweep, new Queue<WireCandidate>(h.Head.Candidates)))];
        bool suspectSeen = holdsSuspect || heads.Any(h => h.Head.HoldsSuspect);
        List<(string, WireCandidate)> best = [];
        while (best.Count < most && queues.Exists(q => q.Left.Count > 0))
        {
            (string sweep, Queue<WireCandidate> left) = queues.Where(q => q.Left.Count > 0)
                .OrderByDescending(q => q.Left.Peek().Cost).ThenBy(q => q.Left.Peek().Sweep).ThenBy(q => q.Left.Peek().Ordinal).First();
            WireCandidate trial = left.Dequeue();
            if (trial.Suspect && suspectSeen)
                continue;
            suspectSeen |= trial.Suspect;
            best.Add((sweep, trial));
        }

        return best;
    }
}
