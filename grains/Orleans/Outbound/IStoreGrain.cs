using Sweep.Grains.Orleans.Wire;

namespace Sweep.Grains.Orleans.Outbound;

/// <summary>
/// What a worker that can't reach the database asks of the store beside its leases (<see cref="IWorkerStore"/>), answered by the silo that it is connected
/// to. Records that people read travel as UTF-8 JSON: one cluster runs one build. Its key is the store's. Every method throws <see cref="EngineException"/>.
/// </summary>
[Alias("sweep.IStoreGrain")]
public interface IStoreGrain : IGrainWithStringKey
{
    /// <summary>Returns when work has been announced to this silo since the count was <paramref name="since"/>, or when the time is up: the count.</summary>
    /// <param name="since">Negative: the count, at once.</param>
    /// <param name="atMost">Less than a call may take.</param>
    [Alias("wait.1")]
    Task<long> WaitAsync(long since, TimeSpan atMost);

    [Alias("may-come.1")]
    Task<bool> MayComeAsync(WireLeaseRequest request);

    [Alias("seen.1")]
    Task SeenAsync(string silo);

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
