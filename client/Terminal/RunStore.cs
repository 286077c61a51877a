using Sweep.Grains.Coordination;
using Sweep.Grains.Orleans.Clustering;
using Sweep.Grains.Storage;
using Sweep.Grains.Storage.Postgres;
using Sweep.Grains.Storage.Sqlite;
using Sweep.Grains.Specs;

namespace Sweep.Client.Terminal;

/// <summary>An open store: a run's folder, or a cluster's.</summary>
internal sealed class RunStore : IAsyncDisposable
{
    private const int MaxNames = 12;

    private readonly SqlSweeps _store;
    private readonly PostgresUrl? _url;

    private RunStore(SqlSweeps store, string shown, PostgresUrl? url = null)
    {
        _store = store;
        Shown = shown;
        _url = url;
    }

    public ISweepOperations Operations => _store;

    /// <summary>What grains serve.</summary>
    public SqlSweeps Sweeps => _store;

    /// <summary>A cluster's store.</summary>
    public PostgresSweeps Cluster => (PostgresSweeps)_store;

    public ISweepReader Reader => _store;

    public ISweepStatistics Statistics => _store;

    /// <summary>The folder as the user would type it, or the URL without the password.</summary>
    public string Shown { get; }

    /// <summary>A cluster's address; null of a folder.</summary>
    public PostgresUrl? Url => _url;

    /// <summary>Whether other machines share it.</summary>
    public bool IsCluster => _url is not null;

    /// <summary>Opens the folder's store.</summary>
    /// <exception cref="StoreException">It can't be opened or isn't ours.</exception>
    /// <param name="limits">Of whoever runs its trials.</param>
    public static RunStore Open(RunDirectory run, TimeProvider time, bool create = false, CoordinatorOptions? limits = null)
    {
        if (create)
            Directory.CreateDirectory(run.FullPath);
        return new RunStore(SqliteSweeps.Open(run.Database, time, limits, create), run.Shown);
    }

    /// <summary>Opens a cluster's store.</summary>
    /// <exception cref="StoreException">It can't be reached or isn't ours.</exception>
    public static async Task<RunStore> OpenAsync(
        PostgresUrl url, TimeProvider time, StoreOpening opening, CancellationToken cancellationToken, CoordinatorOptions? options = null) =>
        new(await PostgresSweeps.OpenAsync(url, time, opening, options, cancellationToken), url.Shown, url);

    /// <summary>Whether somebody is there to carry out what is asked: of a folder, whoever asks; of a cluster, a silo that is up.</summary>
    public async Task<bool> IsServedAsync(CancellationToken cancellationToken) => _url is null || await ClusterTables.ServingAsync(_url, cancellationToken) > 0;

    /// <summary>The folder's sweep.</summary>
    /// <exception cref="UsageException">It has none yet.</exception>
    public async Task<SweepSummary> OnlySweepAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<SweepSummary> sweeps = await _store.ListAsync(cancellationToken).ConfigureAwait(false);
        return sweeps.Count > 0
            ? sweeps[0]
            : throw new UsageException($"{Shown} holds no sweep yet; allowed: a folder that sweep run has used");
    }

    /// <summary>The sweep of this name or id, or the only one.</summary>
    /// <exception cref="UsageException">No such sweep, or an ambiguous choice.</exception>
    public async Task<SweepSummary> SweepAsync(string? nameOrId, CancellationToken cancellationToken)
    {
        if (nameOrId is not null && await _store.FindAsync(nameOrId, cancellationToken).ConfigureAwait(false) is { } found)
            return found;
        IReadOnlyList<SweepSummary> sweeps = await _store.ListAsync(cancellationToken).ConfigureAwait(false);
        string names = string.Join(", ", sweeps.Take(MaxNames).Select(s => Words.Clean(s.Name))) + (sweeps.Count > MaxNames ? ", …" : string.Empty);
        return (sweeps.Count, nameOrId) switch
        {
            (0, _) => throw new UsageException($"{Shown} holds no sweep yet; start one with: sweep launch SPEC --store URL"),
            (1, null) => sweeps[0],
            (_, null) => throw new UsageException($"which sweep? allowed: one of {names}"),
            _ => throw new UsageException($"no sweep: {Words.Clean(nameOrId)}; allowed: one of {names}"),
        };
    }

    /// <summary>The sweep's resolved spec as submitted.</summary>
    public async Task<SweepSpec> SpecAsync(SweepSummary sweep, CancellationToken cancellationToken)
    {
        (string resolved, string source) = await _store.SpecAsync(sweep.Id, cancellationToken).ConfigureAwait(false);
        return SweepSpecJson.Restore(resolved, source);
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();
}
