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

    /// <summary>Writes the counters; the store calls it before it commits.</summary>
    public async Task WriteCountsAsync()
    {
        foreach ((long sweep, CountChange change) in _counts.OrderBy(entry => entry.Key))
        {
            await ExecuteAsync(
                """
                UPDATE sweep_counts SET queued = queued + @queued, running = running + @running, completed = completed + @completed,
                    failed = failed + @failed, cancelled = cancelled + @cancelled, cost_completed = cost_completed + @cost
                WHERE sweep = @sweep AND slot = @slot
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
    }

    private CommandDefinition Command(string sql, object? parameters) =>
        new(sql, parameters, Transaction, cancellationToken: CancellationToken);

    private sealed class CountChange
    {
        public int[] ByState { get; } = new int[5];

        public double CostCompleted { get; set; }
    }
}
