using Sweep.Grains.Coordination;
using Sweep.Grains.Orleans.Wire;

namespace Sweep.Grains.Orleans.Ledger;

/// <summary>
/// A sweep's unfinished trials in memory: the queue in order, and who runs what. A copy of the store's rows, which are the truth: every change is made
/// in the store under the condition that its rows are as they are here, and a ledger whose change was refused is thrown away. Decides nothing about time
/// but what it is told. Not thread-safe: one grain has it.
/// </summary>
internal sealed class SweepLedger(long sweep, CoordinatorOptions options, FitPlaces? places = null)
{
    /// <summary>Trials that cost nearly as much as the first may go before it where that spares a fit: estimates are no better than that, and the longest still go first.</summary>
    private const double NearlyAsMuch = 0.9;

    /// <summary>How far down the queue is looked for one.</summary>
    private const int LookAhead = 64;

    private static readonly Comparer<LedgerTrial> ByTurn = Comparer<LedgerTrial>.Create((a, b) =>
        a.Cost != b.Cost ? b.Cost.CompareTo(a.Cost) : a.Ordinal.CompareTo(b.Ordinal));

    private readonly SortedSet<LedgerTrial> _queue = new(ByTurn);
    private readonly Dictionary<string, LedgerTrial> _trials = new(StringComparer.Ordinal);
    private readonly Dictionary<string, LedgerTrial> _running = new(StringComparer.Ordinal);

    /// <summary>The sweep's number in the store.</summary>
    public long Sweep => sweep;

    public int Queued => _queue.Count;

    /// <summary>Replaces all that is known.</summary>
    public void Fill(IEnumerable<LedgerTrial> unfinished)
    {
        _queue.Clear();
        _trials.Clear();
        _running.Clear();
        Set(unfinished);
    }

    /// <summary>Replaces what is known of some trials; a finished one is forgotten.</summary>
    public void Set(IEnumerable<LedgerTrial> trials)
    {
        foreach (LedgerTrial trial in trials)
            Set(trial);
    }

    private void Set(LedgerTrial trial)
    {
        if (_trials.Remove(trial.Id, out LedgerTrial? before))
        {
            _queue.Remove(before);
            _running.Remove(before.Id);
        }

        if ((TrialStatus)trial.State is not (TrialStatus.Queued or TrialStatus.Running))
            return;
        _trials.Add(trial.Id, trial);
        if (trial.State == (int)TrialStatus.Queued)
            _queue.Add(trial);
        else
            _running.Add(trial.Id, trial);
        if (trial is { State: (int)TrialStatus.Running, Silo: { } silo })
            places?.Note(silo, trial.Ordinal);
    }

    /// <summary>The running trial of a lease that stands; null when it doesn't, as far as is known here.</summary>
    public LedgerTrial? Held(string trialId, long silo, long token, long now) =>
        _running.TryGetValue(trialId, out LedgerTrial? trial) && trial.IsHeld(silo, token, now) ? trial : null;

    /// <summary>The same of a report.</summary>
    public bool IsHeld(WireReport report, long now) => Held(report.TrialId, report.Holder, report.FencingToken, now) is not null;

    /// <summary>The running trial that a report is of, if its lease stood when it was last heard of.</summary>
    public LedgerTrial? Running(WireReport report) => Held(report.TrialId, report.Holder, report.FencingToken, long.MinValue);

    /// <summary>Whether the silo runs a trial that may be what kills silos.</summary>
    public bool HoldsSuspect(long silo) => _running.Values.Any(t => t.Silo == silo && t.Losses >= options.SuspectAfterLosses);

    /// <summary>
    /// The first <paramref name="most"/> that this silo may have, and the first suspect among them or after them: a silo gets no second suspect.
    /// </summary>
    public IEnumerable<LedgerTrial> Head(long silo, int most, long failedSince, int offers)
    {
        bool suspectSeen = false;
        int given = 0;
        foreach (LedgerTrial trial in _queue)
        {
            if (!trial.IsFor(offers) || (trial.FailedOn == silo && !(trial.FailedAt <= failedSince)))
                continue;
            if (IsSuspect(trial))
            {
                if (suspectSeen)
                    continue;
                suspectSeen = true;
            }
            else
            {
                given++;
            }

            yield return trial;
            if (given == most)
                yield break;
        }
    }

    /// <summary>What the silo gets when this is the only sweep: of trials that cost about the same, those whose fit it has.</summary>
    public List<LedgerTrial> Best(WireTake wanted, bool holdsSuspect)
    {
        (long silo, int most) = (wanted.Silo, wanted.Most);
        bool holds = holdsSuspect || HoldsSuspect(silo);
        if (most <= 0)
            return [];
        if (places is null)
            return [.. Head(silo, most, wanted.FailedSince, wanted.Offers).Where(t => !holds || !IsSuspect(t)).Take(most)];
        List<LedgerTrial> window = [];
        foreach (LedgerTrial trial in Head(silo, int.MaxValue, wanted.FailedSince, wanted.Offers).Where(t => !holds || !IsSuspect(t)))
        {
            if (window.Count >= most && (window.Count >= most + LookAhead || trial.Cost < NearlyAsMuch * window[0].Cost))
                break;
            window.Add(trial);
        }

        return places.Nearest(silo, window, most);
    }

    /// <summary>
    /// What the silo gets next where nothing is unusual, so that this sweep can tell by itself what the dispatcher would give: fewer, or none, where another sweep's turn comes before, or
    /// where a trial may be what kills silos or has just failed on this one.
    /// </summary>
    public List<LedgerTrial> Next(long silo, int most, int offers, Rival? rival)
    {
        List<LedgerTrial> window = [];
        foreach (LedgerTrial trial in _queue)
        {
            if (window.Count >= most && (places is null || window.Count >= most + LookAhead || trial.Cost < NearlyAsMuch * window[0].Cost))
                break;
            if (!trial.IsFor(offers))
                continue;
            if (IsSuspect(trial) || trial.FailedOn == silo)
                return [];
            if (rival is not null && rival.GoesBefore(trial.Cost, sweep))
                break;
            window.Add(trial);
        }

        return places is null ? window : places.Nearest(silo, window, most);
    }

    /// <summary>A queued trial; null when it isn't queued.</summary>
    public LedgerTrial? QueuedTrial(string trialId) =>
        _trials.TryGetValue(trialId, out LedgerTrial? trial) && trial.State == (int)TrialStatus.Queued ? trial : null;

    public void Take(LedgerTrial trial, long silo, long expires)
    {
        _queue.Remove(trial);
        trial.State = (int)TrialStatus.Running;
        trial.Attempts++;
        trial.Silo = silo;
        trial.Expires = expires;
        _running.Add(trial.Id, trial);
        places?.Note(silo, trial.Ordinal);
    }

    public void Complete(LedgerTrial trial)
    {
        _running.Remove(trial.Id);
        _trials.Remove(trial.Id);
    }

    public bool IsSuspect(LedgerTrial trial) => trial.Losses >= options.SuspectAfterLosses;
}
