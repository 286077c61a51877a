using System.Collections.Concurrent;
using Sweep.Grains.Coordination;

namespace Sweep.Silo;

/// <summary>
/// Removes a silo's artifacts of trials whose sweep was deleted: when it starts, for what happened while it was away, and every minute. What still runs, since
/// its silo doesn't know yet, comes next time.
/// </summary>
/// <param name="inner">Told of everything too.</param>
/// <param name="directory">Of artifacts; it may not be there.</param>
public sealed class DeletedArtifacts(ISiloObserver inner, IWorkerReader store, string directory, TimeProvider time) : ISiloObserver, IAsyncDisposable
{
    private const int AtOnce = 10_000;
    private readonly ConcurrentDictionary<string, int> _running = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();
    private readonly RepeatedTrouble _trouble = new(inner.Warning);
    private Task _removing = Task.CompletedTask;
    private DeletedTrial? _last;

    internal TimeSpan Every { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Begins.</summary>
    public void Start() => _removing = Task.Run(RemoveAsync);

    public void Started(AttemptProgress attempt)
    {
        ArgumentNullException.ThrowIfNull(attempt);
        _running.AddOrUpdate(attempt.Lease.Trial.Id, 1, (_, count) => count + 1);
        inner.Started(attempt);
    }

    public void Ended(AttemptProgress attempt, AttemptOutcome outcome, string? message, TrialResult? result)
    {
        ArgumentNullException.ThrowIfNull(attempt);
        _running.AddOrUpdate(attempt.Lease.Trial.Id, 0, (_, count) => count - 1);
        inner.Ended(attempt, outcome, message, result);
    }

    public void Warning(string message) => inner.Warning(message);

    public void StoreUnreachable(string message, TimeSpan retryIn) => inner.StoreUnreachable(message, retryIn);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _removing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task RemoveAsync()
    {
        while (true)
        {
            try
            {
                while (await RemoveSomeAsync().ConfigureAwait(false))
                {
                }

                _trouble.IsOver();
            }
            catch (Exception e) when (!_stop.IsCancellationRequested)
            {
                _trouble.Is($"artifacts of deleted sweeps: {Unforeseen.Describe(e)}; trying again");
            }

            await Task.Delay(Every, time, _stop.Token).ConfigureAwait(false);
        }
    }

    /// <summary>Whether there may be more.</summary>
    private async Task<bool> RemoveSomeAsync()
    {
        IReadOnlyList<DeletedTrial> deleted = await store.DeletedAsync(_last, AtOnce, _stop.Token).ConfigureAwait(false);
        foreach (DeletedTrial trial in deleted)
        {
            if (_running.GetValueOrDefault(trial.Id) > 0)
                return false;
            new TrialArtifacts(directory, trial.Id).Remove();
            _last = trial;
        }

        return deleted.Count == AtOnce;
    }
}
