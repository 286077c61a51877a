using Sweep.Grains.Specs;

namespace Sweep.Grains.Coordination;

/// <summary>
/// What operators do: submit sweeps, pause, cancel, try again. Thread-safe. What is done is in the store when a call returns; those that run trials hear of it.
/// Every method throws <see cref="StoreException"/> when the store cannot be reached; the call may then be repeated.
/// </summary>
public interface ISweepOperations : IAsyncDisposable
{
    /// <summary>Adds a sweep and its trials, atomically; a new one keeps the trace context that this is called in (<see cref="SweepSummary.Trace"/>).</summary>
    /// <param name="sweep">The validated spec.</param>
    /// <param name="trials">Its expansion, each with an estimated cost in any one unit.</param>
    /// <exception cref="SpecChangedException">A sweep of this name is there, and its trials are not all among these, or some of them run while others would join.</exception>
    /// <exception cref="ArgumentException">Two trials have one id, or a cost is negative or not finite; nothing is stored.</exception>
    Task<SubmitAnswer> SubmitAsync(SweepSpec sweep, IEnumerable<PlannedTrial> trials, CancellationToken cancellationToken);

    /// <summary>As <see cref="SubmitAsync"/>, of a spec that may have another name than the sweep whose place it takes: for a store that holds one sweep.</summary>
    /// <param name="sweepId">The sweep that becomes this one, if its trials are all among these.</param>
    Task<SubmitAnswer> ContinueAsync(string sweepId, SweepSpec sweep, IEnumerable<PlannedTrial> trials, CancellationToken cancellationToken);

    /// <summary>Keeps a data file for silos that lack it. Storing it again does nothing.</summary>
    /// <param name="sha256">Of the content, in lower-case hexadecimal.</param>
    Task StoreFileAsync(string sha256, byte[] content, CancellationToken cancellationToken);

    /// <summary>Gives no more leases of the sweep; running attempts hear of it at their next heartbeat.</summary>
    /// <exception cref="ArgumentException">No such sweep; so for the four that follow.</exception>
    Task PauseAsync(string sweepId, CancellationToken cancellationToken);

    Task ResumeAsync(string sweepId, CancellationToken cancellationToken);

    /// <summary>Cancels queued trials now and running ones at their next heartbeat. Completed ones stay.</summary>
    Task CancelAsync(string sweepId, CancellationToken cancellationToken);

    /// <summary>
    /// Queues failed and cancelled trials again with a fresh budget (all, or those named); returns how many. A running trial whose cancellation
    /// was asked for is counted too: it goes on, or is queued again if its silo has already stopped.
    /// </summary>
    Task<int> RetryAsync(string sweepId, IReadOnlyCollection<string>? trialIds, CancellationToken cancellationToken);

    /// <summary>Discards the results of completed trials and queues them again with a fresh budget; returns how many. Trials in another state stay as they are.</summary>
    Task<int> DiscardAsync(string sweepId, IReadOnlyCollection<string> trialIds, CancellationToken cancellationToken);

    /// <summary>Lets a quarantined silo lease again, with a clean record; false when it is not quarantined.</summary>
    Task<bool> LiftQuarantineAsync(string silo, CancellationToken cancellationToken);
}
