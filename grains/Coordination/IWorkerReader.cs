namespace Sweep.Grains.Coordination;

/// <summary>What a worker reads of a store beside its leases. Thread-safe; throws <see cref="StoreException"/> when it can't be reached.</summary>
public interface IWorkerReader
{
    /// <summary>A sweep by its id or its name; null when there is none.</summary>
    Task<SweepSummary?> FindAsync(string nameOrId, CancellationToken cancellationToken);

    /// <summary>A data file that was stored with <see cref="ISweepOperations.StoreFileAsync"/>; null when it wasn't.</summary>
    Task<byte[]?> FileAsync(string sha256, CancellationToken cancellationToken);

    /// <summary>Trials that were deleted with their sweeps and are in no other, by when: for those who keep files of them.</summary>
    /// <param name="after">Only those after it, in this order; null: from the first on.</param>
    Task<IReadOnlyList<DeletedTrial>> DeletedAsync(DeletedTrial? after, int most, CancellationToken cancellationToken);

    /// <summary>Those of some trials that are completed or cancelled in every sweep that has them: nobody goes on with them.</summary>
    Task<IReadOnlyList<string>> FinishedAsync(IReadOnlyCollection<string> trialIds, CancellationToken cancellationToken);

    /// <summary>Every silo the store has seen, by id.</summary>
    Task<IReadOnlyList<SiloSummary>> SilosAsync(CancellationToken cancellationToken);
}
