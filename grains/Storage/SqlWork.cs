using System.Data.Common;
using Dapper;
using Sweep.Grains.Coordination;

namespace Sweep.Grains.Storage;

/// <summary>One write transaction: what the operations see of the store. The counters they change are written once, at the end.</summary>
internal sealed class SqlWork(SqlStore store, DbConnection connection, DbTransaction? transaction, long now, CancellationToken cancellationToken)
{
    private readonly Dictionary<long, CountChange> _counts = [];
    private readonly List<SqlStatement> _later = [];
    private readonly SortedSet<string?> _changed = new(StringComparer.Ordinal);

    public SqlStore Store { get; } = store;

    public DbConnection Connection { get; } = connection;

    public DbTransaction? Transaction { get; } = transaction;

    /// <summary>The store's clock at the start of the transaction, ms since 1970.</summary>
    public long Now { get; } = now;

    public CancellationToken CancellationToken { get; } = cancellationToken;

    /// <summary>Executes now; returns how many rows it changed.</summary>
    public async Task<int> ExecuteAsync(string sql, object? parameters = null)
    {
        await FlushAsync();
        return await Connection.ExecuteAsync(Command(sql, parameters));
    }

    /// <summary>
    /// Executes before anything else that this transaction asks, at the latest with its commit, in the order of the calls: where a store is far, what
    /// nobody waits for costs one round trip in all.
    /// </summary>
    public void Later(string sql, object parameters) => _later.Add(SqlStatement.Of(sql, parameters));

    /// <inheritdoc cref="Later(string, object)"/>
    public void Later(SqlStatement statement) => _later.Add(statement);

    public async Task<T?> FirstOrDefaultAsync<T>(string sql, object? parameters = null)
    {
        await FlushAsync();
        return await Connection.QueryFirstOrDefaultAsync<T>(Command(sql, parameters));
    }

    public async Task<List<T>> ListAsync<T>(string sql, object? parameters = null)
    {
        await FlushAsync();
        return (await Connection.QueryAsync<T>(Command(sql, parameters))).AsList();
    }

    /// <summary>Three queries in one round trip.</summary>
    public async Task<(List<T1> First, List<T2> Second, List<T3> Third)> ListAsync<T1, T2, T3>(string first, string second, string third, object parameters)
    {
        await FlushAsync();
        await using SqlMapper.GridReader rows = await Connection.QueryMultipleAsync(Command($"{first};\n{second};\n{third}", parameters));
        return ((await rows.ReadAsync<T1>()).AsList(), (await rows.ReadAsync<T2>()).AsList(), (await rows.ReadAsync<T3>()).AsList());
    }

    /// <summary>Records that trials go from one state to another.</summary>
    /// <param name="cost">Their estimated cost; matters where they complete, or no longer are.</param>
    public void Move(long sweep, TrialStatus from, TrialStatus to, double cost, int count = 1)
    {
        if (!_counts.TryGetValue(sweep, out CountChange? change))
            _counts.Add(sweep, change = new CountChange());
        change.ByState[(int)from] -= count;
        change.ByState[(int)to] += count;
        if (to == TrialStatus.Completed)
            change.CostCompleted += cost;
        if (from == TrialStatus.Completed)
            change.CostCompleted -= cost;
    }

    /// <summary>Records that a sweep has so many queued and held trials more; also of none, for a new sweep.</summary>
    public void Add(long sweep, int queued, int held)
    {
        if (!_counts.TryGetValue(sweep, out CountChange? change))
            _counts.Add(sweep, change = new CountChange());
        change.ByState[(int)TrialStatus.Queued] += queued;
        change.ByState[(int)TrialStatus.Held] += held;
    }

    /// <summary>The sweep goes, and its counters with it.</summary>
    public void Forget(long sweep) => _counts.Remove(sweep);

    /// <summary>By how many this transaction changes the number of a sweep's trials in a state, so far.</summary>
    public int Moved(long sweep, TrialStatus state) => _counts.TryGetValue(sweep, out CountChange? change) ? change.ByState[(int)state] : 0;

    /// <summary>Whether trials may have become leasable.</summary>
    public bool HasNews { get; private set; }

    /// <summary>Who waits for work is told, though no trial is queued that wasn't.</summary>
    public void SignalWork() => HasNews = true;

    /// <summary>A sweep was changed by another than its grain: who waits for work, and who keeps its queue, look again. Or <see
    /// cref="RequestRows.News"/>.</summary>
    public void Announce(string news)
    {
        HasNews = true;
        _changed.Add(news);
    }

    /// <summary>What was announced.</summary>
    public IReadOnlyCollection<string?> Announced => _changed;

    /// <summary>Writes the counters and tells who waits for work; the store calls it before it commits. Returns what is still to be executed.</summary>
    public IReadOnlyList<SqlStatement> Finish()
    {
        foreach ((long sweep, CountChange change) in _counts.OrderBy(entry => entry.Key))
        {
            HasNews |= change.ByState[(int)TrialStatus.Queued] > 0;
            Later(
                """
                INSERT INTO sweep_counts (sweep, slot, queued, running, completed, failed, cancelled, held, pruned, cost_completed)
                VALUES (@sweep, @slot, @queued, @running, @completed, @failed, @cancelled, @held, @pruned, @cost)
                ON CONFLICT (sweep, slot) DO UPDATE SET
                    queued = sweep_counts.queued + excluded.queued, running = sweep_counts.running + excluded.running,
                    completed = sweep_counts.completed + excluded.completed, failed = sweep_counts.failed + excluded.failed,
                    cancelled = sweep_counts.cancelled + excluded.cancelled, held = sweep_counts.held + excluded.held,
                    pruned = sweep_counts.pruned + excluded.pruned, cost_completed = sweep_counts.cost_completed + excluded.cost_completed
                """,
                new
                {
                    sweep,
                    slot = Store.CountSlot,
                    queued = change.ByState[(int)TrialStatus.Queued],
                    running = change.ByState[(int)TrialStatus.Running],
                    completed = change.ByState[(int)TrialStatus.Completed],
                    failed = change.ByState[(int)TrialStatus.Failed],
                    cancelled = change.ByState[(int)TrialStatus.Cancelled],
                    held = change.ByState[(int)TrialStatus.Held],
                    pruned = change.ByState[(int)TrialStatus.Pruned],
                    cost = change.CostCompleted,
                });
        }

        _counts.Clear();
        foreach (string? sweepId in _changed.Count > 0 ? _changed : HasNews ? [null] : (IEnumerable<string?>)[])
        {
            if (Store.Announcement(sweepId) is { } announcement)
                Later(announcement);
        }

        return Take();
    }

    /// <summary>Executes what was left for later.</summary>
    public async Task FlushAsync()
    {
        if (_later.Count == 0)
            return;
        await Store.ExecuteAsync(Connection, Transaction, Take(), CancellationToken);
    }

    private SqlStatement[] Take()
    {
        SqlStatement[] statements = [.. _later];
        _later.Clear();
        return statements;
    }

    private CommandDefinition Command(string sql, object? parameters) =>
        new(sql, parameters, Transaction, cancellationToken: CancellationToken);

    private sealed class CountChange
    {
        public int[] ByState { get; } = new int[Enum.GetValues<TrialStatus>().Length];

        public double CostCompleted { get; set; }
    }
}
