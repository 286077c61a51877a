using Sweep.Grains.Specs;

namespace Sweep.Grains.Coordination;

/// <summary>
/// What operators do: submit sweeps, and ask to pause, cancel, try again. Thread-safe. What was written is in the store when a call returns.
/// Every method throws <see cref="StoreException"/> when the store cannot be reached; the call may then be repeated.
/// </summary>
public interface ISweepOperations : IAsyncDisposable
{
    /// <summary>Adds a sweep and its trials, atomically; a new one keeps the trace context that this is called in (<see cref="SweepSummary.Trace"/>).</summary>
    /// <param name="sweep">The validated spec.</param>
    /// <param name="trials">Its expansion, each with an estimated cost in any one unit.</param>
    /// <exception cref="SpecChangedException">A sweep of this name is there, and its trials are not all among these, or some of them run while others would
    /// join.</exception>
    /// <exception cref="ArgumentException">Two trials have one id, or a cost is negative or not finite; nothing is stored.</exception>
    Task<SubmitAnswer> SubmitAsync(SweepSpec sweep, IEnumerable<PlannedTrial> trials, CancellationToken cancellationToken);

    /// <summary>
    /// As <see cref="SubmitAsync"/>, of a spec that may have another name than the sweep whose place it takes: for a store that holds one sweep.
    /// </summary>
    /// <param name="sweepId">The sweep that becomes this one, if its trials are all among these.</param>
    Task<SubmitAnswer> ContinueAsync(string sweepId, SweepSpec sweep, IEnumerable<PlannedTrial> trials, CancellationToken cancellationToken);

    /// <summary>Keeps a data file for silos that lack it. Storing it again does nothing.</summary>
    /// <param name="sha256">Of the content, in lower-case hexadecimal.</param>
    Task StoreFileAsync(string sha256, byte[] content, CancellationToken cancellationToken);

    /// <summary>
    /// Writes down what an operator asks, with this caller's own rights in the store, and has it carried out: once, by who decides on the sweep's trials.
    /// Returns how it then stands: one that is not done after <paramref name="patience"/>, since no silo lives that could, stays written and is carried out as
    /// soon as one does. The same request again returns the same one.
    /// </summary>
    /// <exception cref="ArgumentException">No such sweep.</exception>
    Task<RequestRecord> RequestAsync(OperatorRequest request, TimeSpan patience, CancellationToken cancellationToken);
}
