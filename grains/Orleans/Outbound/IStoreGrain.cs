using Sweep.Grains.Orleans.Wire;

namespace Sweep.Grains.Orleans.Outbound;

/// <summary>
/// What a worker that can't reach the database asks of the store beside its leases (<see cref="IWorkerStore"/>), answered by the silo that it is connected
/// to. Records that people read travel as UTF-8 JSON: one cluster runs one build. Its key is the store's. Every method throws <see cref="EngineException"/>.
/// </summary>
[Alias("sweep.IStoreGrain")]
public interface IStoreGrain : IGrainWithStringKey
{
    /// <summary>A sign of life of the silo that the worker is connected to.</summary>
    [Alias("here.1")]
    Task HereAsync();

    [Alias("may-come.1")]
    Task<bool> MayComeAsync(WireLeaseRequest request);

    /// <summary>A trial's spec. One that can't be had, however often it is asked for, is a wrong argument.</summary>
    [Alias("trial.1")]
    Task<string> TrialAsync(string sweepId, string trialId);

    /// <summary>A <see cref="Coordination.SweepSummary"/>; null where there is none.</summary>
    [Alias("find.1")]
    Task<byte[]?> FindAsync(string nameOrId);

    /// <summary>A list of <see cref="Coordination.SiloSummary"/>.</summary>
    [Alias("silos.1")]
    Task<byte[]> SilosAsync();

    /// <summary>A list of <see cref="Coordination.DeletedTrial"/>.</summary>
    /// <param name="after">One of them; null: from the first on.</param>
    [Alias("deleted.1")]
    Task<byte[]> DeletedAsync(byte[]? after, int most);

    [Alias("finished.1")]
    Task<string[]> FinishedAsync(string[] trialIds);

    /// <summary>A piece of a data file; null where the store lacks it.</summary>
    /// <param name="from">In bytes.</param>
    [Alias("file.1")]
    Task<WireFilePiece?> FileAsync(string sha256, int from);
}
