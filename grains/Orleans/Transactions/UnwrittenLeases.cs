using Sweep.Grains.Coordination;
using Sweep.Grains.Storage.Guarded;
using Sweep.Grains.Sweeps;

namespace Sweep.Grains.Orleans.Transactions;

/// <summary>
/// The leases of a sweep that were given and stand in no row yet (<see cref="CoordinatorOptions.UnwrittenFor"/>), and the specs of trials that come next, so
/// that they can be given so. Of trials that nobody has tried before: a trial that kills its process is counted.
/// </summary>
internal sealed class UnwrittenLeases
{
    /// <summary>How far ahead specs are known, beyond what is given at once.</summary>
    private const int Ahead = 96;

    private readonly Dictionary<string, UnwrittenLease> _leases = new(StringComparer.Ordinal);
    private readonly Dictionary<long, StoredSpec> _specs = [];

    public int Count => _leases.Count;

    /// <summary>The lease of a trial; null where there is none, or the store has it.</summary>
    public UnwrittenLease? Of(string trialId) => _leases.GetValueOrDefault(trialId);

    /// <summary>A trial has been leased just now.</summary>
    public void Add(SweepTrial trial, long began)
    {
        _leases[trial.Id] = new UnwrittenLease(trial.Key, trial.Id, trial.State.Attempts, trial.State.Silo!.Value, began);
        _specs.Remove(trial.Key);
    }

    public void Remove(string trialId) => _leases.Remove(trialId);

    public void Clear()
    {
        _leases.Clear();
        _specs.Clear();
    }

    /// <summary>Those that have stood for so long.</summary>
    public IEnumerable<UnwrittenLease> Due(long now, TimeSpan after) => _leases.Values.Where(u => now - u.Began >= after.TotalMilliseconds || now < u.Began);

    /// <summary>A queue has been read from the store, which has none of them: they stand on, but where the store has it otherwise.</summary>
    public void Restore(SweepQueue queue, long now)
    {
        _specs.Clear();
        foreach (UnwrittenLease lease in _leases.Values.ToList())
        {
            if (queue.Waiting(lease.TrialId) is { } trial && trial.Key == lease.Trial && trial.State.Attempts == lease.Attempt - 1)
                queue.Lease(trial, lease.Silo, now);
            else
                _leases.Remove(lease.TrialId);
        }
    }

    /// <summary>A trial's spec, if it is known.</summary>
    public StoredSpec? Spec(long trial) => _specs.TryGetValue(trial, out StoredSpec spec) ? spec : null;

    public void Knows(long trial, StoredSpec spec) => _specs[trial] = spec;

    /// <summary>Of which trials the spec should be known.</summary>
    /// <param name="given">How many were given at once.</param>
    public List<long> Wanted(SweepQueue queue, int given)
    {
        int ahead = Ahead + (4 * given);
        if (_specs.Count > 8 * ahead)
            _specs.Clear();
        List<long> wanted = [.. queue.First(ahead).Where(t => t.State.Attempts == 0 && !_specs.ContainsKey(t.Key)).Select(t => t.Key)];

        // Not a few with every transaction.
        return wanted.Count >= ahead / 4 || wanted.Count == queue.Queued ? wanted : [];
    }
}

/// <summary>A trial's lease that stands in no row.</summary>
/// <param name="Trial">Its number in the store.</param>
/// <param name="Silo">The store's number of the silo that has it.</param>
/// <param name="Began">Ms since 1970.</param>
internal sealed record UnwrittenLease(long Trial, string TrialId, int Attempt, long Silo, long Began)
{
    public Beginning ToBeginning() => new(Trial, Attempt, Silo, Began);
}
