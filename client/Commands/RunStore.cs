using Sweep.Grains.Coordination;
using Sweep.Grains.Coordination.Sql.Sqlite;
using Sweep.Grains.Specs;

namespace Sweep.Client.Commands;

/// <summary>The open store of one run's folder.</summary>
internal sealed class RunStore : IAsyncDisposable
{
    private readonly SqliteCoordinator _store;
    private readonly RunDirectory _run;

    private RunStore(SqliteCoordinator store, RunDirectory run)
    {
        _store = store;
        _run = run;
    }

    public ICoordinator Coordinator => _store;

    public ISweepReader Reader => _store;

    /// <summary>Opens the folder's store.</summary>
    /// <exception cref="StoreException">It can't be opened or is not ours.</exception>
    public static RunStore Open(RunDirectory run, TimeProvider time, bool create = false)
    {
        if (create)
            Directory.CreateDirectory(run.FullPath);
        return new RunStore(SqliteCoordinator.Open(run.Database, time, create: create), run);
    }

    /// <summary>The folder's sweep.</summary>
    /// <exception cref="UsageException">There is none yet.</exception>
    public async Task<SweepSummary> OnlySweepAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<SweepSummary> sweeps = await _store.ListAsync(cancellationToken).ConfigureAwait(false);
        return sweeps.Count > 0
            ? sweeps[0]
            : throw new UsageException($"{_run.Shown} holds no sweep yet; allowed: a folder that sweep run has used");
    }

    /// <summary>The folder's spec as it was resolved when it was submitted.</summary>
    public async Task<SweepSpec> SpecAsync(SweepSummary sweep, CancellationToken cancellationToken)
    {
        (string resolved, string source) = await _store.SpecAsync(sweep.Id, cancellationToken).ConfigureAwait(false);
        return SweepSpecJson.Restore(resolved, source);
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();
}
