using System.Data.Common;
using Dapper;

namespace Sweep.Grains.Coordination.Sql;

/// <summary>One write transaction: what the operations see of the store. The counters they change are written once, at the end.</summary>
internal sealed class SqlWork(SqlStore store, DbConnection connection, DbTransaction transaction, long now, CancellationToken cancellationToken)
{
    private readonly Dictionary<long, CountChange> _counts = [];

    public SqlStore Store { get; } = store;

    public DbConnection Connection { get; } = connection;

    public DbTransaction Transaction { get; } = transaction;

    /// <summary>The store's clock at the start of the transaction, ms since 1970.</summary>
    public long Now { get; } = now;

    public CancellationToken CancellationToken { get; } = cancellationToken;

    public Task<int> ExecuteAsync(string sql, object? parameters = null) => Connection.ExecuteAsync(Command(sql, parameters));

    public Task<T?> FirstOrDefaultAsync<T>(string sql, object? parameters = null) => Connection.QueryFirstOrDefaultAsync<T>(Command(sql, parameters));

    public async Task<List<T>> ListAsync<T>(string sql, object? parameters = null) =>
        (await Connection.QueryAsync<T>(Command(sql, parameters))).AsList();

    /// <summary>Records that trials go from one state to another.</summary>
    /// <param name="cost">Their estimated cost; matters where they complete.</param>
    public void Move(long sweep, TrialState from, TrialState to, double cost, int count = 1)
    {
        if (!_counts.TryGetValue(sweep, out CountChange? change))
            _counts.Add(sweep, change = new CountChange());
        change.ByState[(int)from] -= count;
        change.ByState[(int)to] += count;
        if (to == TrialState.Completed)
            change.CostCompleted += cost;
    }

    /// <summary>Whether trials may have become leasable.</summary>
    public bool HasNews { get; private set; }

    /// <summary>Trials may have become leasable without changing their state.</summary>
    public void Announce() => HasNews = true;

    /// <summary>Writes the counters and tells who waits for work; the store calls it before it commits.</summary>
    public async Task FinishAsync()
    {
        foreach ((long sweep, CountChange change) in _counts.OrderBy(entry => entry.Key))
        {
            HasNews |= change.ByState[(int)TrialState.Queued] > 0;
            await ExecuteAsync(
                """
                INSERT INTO sweep_counts (sweep, slot, queued, running, completed, failed, cancelled, cost_completed)
                VALUES (@sweep, @slot, @queued, @running, @completed, @failed, @cancelled, @cost)
                ON CONFLICT (sweep, slot) DO UPDATE SET
                    queued = sweep_counts.queued + excluded.queued, running = sweep_counts.running + excluded.running,
                    completed = sweep_counts.completed + excluded.completed, failed = sweep_counts.failed + excluded.failed,
                    cancelled = sweep_counts.cancelled + excluded.cancelled, cost_completed = sweep_counts.cost_completed + excluded.cost_completed
                """,
                new
                {
                    sweep,
                    slot = Store.CountSlot,
                    queued = change.ByState[(int)TrialState.Queued],
                    running = change.ByState[(int)TrialState.Running],
                    completed = change.ByState[(int)TrialState.Completed],
                    failed = change.ByState[(int)TrialState.Failed],
                    cancelled = change.ByState[(int)TrialState.Cancelled],
                    cost = change.CostCompleted,
                });
        }

        _counts.Clear();
        if (HasNews)
            await Store.AnnounceAsync(this);
    }

    private CommandDefinition Command(string sql, object? parameters) =>
        new(sql, parameters, Transaction, cancellationToken: CancellationToken);

    private sealed class CountChange
    {
        public int[] ByState { get; } = new int[5];

        public double CostCompleted { get; set; }
    }
}
