using Sweep.Grains.Coordination;
using Sweep.Grains.Trials;

namespace Sweep.Grains.Sweeps;

/// <summary>
/// A sweep's unfinished trials: who gets which next, and who runs what. Knows no store and no clock: its caller writes what it decides, and a queue whose
/// decisions were not written is filled again. Order: the longest first, then as in the spec, what may kill its silo last; of trials that cost about the same,
/// those whose fit the silo has. Not thread-safe.
/// </summary>
/// <param name="sweep">The sweep's number in the store.</param>
/// <param name="places">Which silo has which fit; null where nothing is known of fits.</param>
public sealed class SweepQueue(long sweep, CoordinatorOptions limits, FitPlaces? places = null)
{
    /// <summary>
    /// Trials that cost nearly as much as the first may go before it where that spares a fit: estimates are no better than that, and the longest still go
    /// first.
    /// </summary>
    private const double NearlyAsMuch = 0.9;

    /// <summary>How far down the queue is looked for one.</summary>
    private const int LookAhead = 64;

    /// <summary>States change only outside of it.</summary>
    private readonly SortedSet<SweepTrial> _queue = new(Comparer<SweepTrial>.Create((a, b) => a.State.IsSuspect(limits) is var suspect
        && suspect != b.State.IsSuspect(limits)
        ? (suspect ? 1 : -1)
        : a.Cost != b.Cost ? b.Cost.CompareTo(a.Cost) : a.Ordinal.CompareTo(b.Ordinal)));
    private readonly Dictionary<string, SweepTrial> _trials = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SweepTrial> _running = new(StringComparer.Ordinal);

    public long Sweep => sweep;

    public SweepTerms Terms { get; set; } = new(Paused: false);

    public int Queued => _queue.Count;

    public int Running => _running.Count;

    /// <summary>Replaces all that is known.</summary>
    public void Fill(IEnumerable<(SweepTrial Trial, TrialState State)> unfinished)
    {
        ArgumentNullException.ThrowIfNull(unfinished);
        _queue.Clear();
        _trials.Clear();
        _running.Clear();
        foreach ((SweepTrial trial, TrialState state) in unfinished)
            Set(trial, state);
    }

    /// <summary>Replaces what is known of a trial; a finished one is forgotten.</summary>
    public void Set(SweepTrial trial, TrialState state)
    {
        ArgumentNullException.ThrowIfNull(trial);
        ArgumentNullException.ThrowIfNull(state);
        if (_trials.Remove(trial.Id, out SweepTrial? before))
        {
            _queue.Remove(before);
            _running.Remove(before.Id);
        }

        trial.State = state;
        if (state.Status is not (TrialStatus.Queued or TrialStatus.Running))
            return;
        _trials.Add(trial.Id, trial);
        if (state.Status == TrialStatus.Queued)
            _queue.Add(trial);
        else
            _running.Add(trial.Id, trial);
        if (state is { Status: TrialStatus.Running, Silo: { } silo })
            places?.Note(silo, trial.Ordinal);
    }

    /// <summary>The running trial of a lease that stands; null when it doesn't, as far as is known here.</summary>
    public SweepTrial? Held(string trialId, long silo, long token) =>
        _running.TryGetValue(trialId, out SweepTrial? trial) && trial.State.IsHeld(silo, token) ? trial : null;

    /// <summary>Those of some trials that may be given, in their order: for who has chosen them among several sweeps' heads.</summary>
    public List<SweepTrial> Named(IEnumerable<string> trialIds)
    {
        ArgumentNullException.ThrowIfNull(trialIds);
        return [.. trialIds.Select(Waiting).OfType<SweepTrial>().Take(Terms.Free(Running))];
    }

    /// <summary>A queued trial; null where it isn't queued, as far as is known here.</summary>
    public SweepTrial? Waiting(string trialId) => _trials.GetValueOrDefault(trialId) is { State.Status: TrialStatus.Queued } trial ? trial : null;

    /// <summary>The first so many of those that wait.</summary>
    public IEnumerable<SweepTrial> First(int count) => _queue.Take(count);

    /// <summary>Whether the silo runs a trial of this sweep that may be what kills silos.</summary>
    public bool HoldsSuspect(long silo) => _running.Values.Any(t => t.State.Silo == silo && t.State.IsSuspect(limits));

    /// <summary>What the silo gets where this is the only sweep.</summary>
    public List<SweepTrial> Best(SiloRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        int most = Math.Min(request.MaxTrials, Terms.Free(Running));
        if (most <= 0)
            return [];
        bool holdsSuspect = request.HoldsSuspect || HoldsSuspect(request.Silo);
        List<SweepTrial> window = [];
        foreach (SweepTrial trial in _queue)
        {
            if (IsEnough(window, most, trial))
                break;
            bool suspect = trial.State.IsSuspect(limits);
            if (!trial.IsFor(request.Offers) || trial.State.IsKeptFrom(request.Silo, request.FailedSince) || (suspect && holdsSuspect))
                continue;
            holdsSuspect |= suspect;
            window.Add(trial);
        }

        return Nearest(request.Silo, window, most);
    }

    /// <summary>
    /// What the silo gets where nothing is unusual, so that the sweep can tell by itself; nothing where another sweep has a turn too, or where a trial may be
    /// what kills silos or has just failed on this one.
    /// </summary>
    /// <param name="otherSweep">The other sweep whose turn comes first; null when no other has any trial.</param>
    public List<SweepTrial> Next(SiloRequest request, SweepTurn? otherSweep)
    {
        ArgumentNullException.ThrowIfNull(request);
        int most = Math.Min(request.MaxTrials, Terms.Free(Running));
        if (most <= 0)
            return [];
        List<SweepTrial> window = [];
        foreach (SweepTrial trial in _queue)
        {
            if (IsEnough(window, most, trial))
                break;
            if (!trial.IsFor(request.Offers))
                continue;
            bool othersTurn = window.Count < most && otherSweep < new SweepTurn(sweep, Running + window.Count, trial.Cost, Terms.Priority);
            if (othersTurn || trial.State.IsSuspect(limits) || trial.State.FailedOn == request.Silo)
                return [];
            window.Add(trial);
        }

        return otherSweep is not null && window.Count < request.MaxTrials ? [] : Nearest(request.Silo, window, most);
    }

    /// <summary>An attempt at a queued trial begins.</summary>
    public void Lease(SweepTrial trial, long silo, long now)
    {
        ArgumentNullException.ThrowIfNull(trial);
        Set(trial, trial.State.Lease(silo, now, limits));
    }

    /// <summary>A heartbeat of its silo arrived.</summary>
    public void Renew(SweepTrial trial, long now)
    {
        ArgumentNullException.ThrowIfNull(trial);
        trial.State = trial.State.Renew(now, limits);
    }

    /// <summary>An attempt ended.</summary>
    public void End(SweepTrial trial, AttemptEnd end)
    {
        ArgumentNullException.ThrowIfNull(end);
        Set(trial, end.Trial);
    }

    /// <summary>An operator asked for the cancellation of a running trial, or took that back.</summary>
    public void Cancelling(SweepTrial trial, bool cancelling)
    {
        ArgumentNullException.ThrowIfNull(trial);
        if (_running.ContainsKey(trial.Id))
            trial.State = trial.State with { Cancelling = cancelling };
    }

    /// <summary>Whether a trial comes too late in the queue to be given.</summary>
    private bool IsEnough(List<SweepTrial> window, int most, SweepTrial trial) =>
        window.Count >= most
            && (places is null || window.Count >= most + LookAhead || trial.Cost < NearlyAsMuch * window[0].Cost || trial.State.IsSuspect(limits));

    private List<SweepTrial> Nearest(long silo, List<SweepTrial> window, int most) => places is null ? window : places.Nearest(silo, window, most);
}
