using System.Data.Common;
using Sweep.Diffusion.Metrics;
using Dapper;
using Sweep.Grains.Storage.Guarded;

namespace Sweep.Grains.Storage;

/// <summary>
/// What differs between SQL engines: connections, transactions, the clock, row locks and bulk insertion. The operations are plain SQL that SQLite
/// and PostgreSQL share: no RETURNING, no engine's own functions, flags as booleans (<c>NOT paused</c>), times as integers.
/// An engine's tables have the names and meanings of <c>Migrations/Sqlite</c>.
/// </summary>
internal abstract class SqlStore : IAsyncDisposable
{
    /// <summary>Appended to a query of rows that the transaction is going to change; empty where a write transaction excludes all others.</summary>
    public abstract string ForUpdate { get; }

    /// <summary>The same, passing over rows that another transaction holds.</summary>
    public abstract string SkipLocked { get; }

    /// <summary>The row of <c>sweep_counts</c> that a transaction writes: engines with row locks spread them. Asked once per transaction and sweep.</summary>
    public abstract int CountSlot { get; }

    /// <summary>When it was away; null where it is a file.</summary>
    public virtual StoreOutages? Outages => null;

    /// <summary>Raised when trials may have become leasable, as far as this process is notified.</summary>
    public WorkSignal WorkSignal { get; } = new();

    /// <summary>Runs one write transaction: committed when the work returns, rolled back when it throws.</summary>
    /// <param name="durable">True where a committed transaction must survive a power cut, not only the death of the process.</param>
    public abstract Task<T> WriteAsync<T>(bool durable, Func<SqlWork, Task<T>> work, CancellationToken cancellationToken);

    /// <summary>Runs one transaction of a sweep's grain.</summary>
    /// <exception cref="RowsChangedException">Nothing was committed: a row is not as the grain has it.</exception>
    public abstract Task<T> ExchangeAsync<T>(SweepExchange<T> exchange, CancellationToken cancellationToken);

    /// <summary>Writes in the midst of a transaction.</summary>
    /// <exception cref="RowsChangedException">A row is not as it is expected to be.</exception>
    public abstract Task<GuardedAnswers> WriteAsync(SqlWork work, GuardedWrites writes);

    /// <summary>Runs queries on one connection, without excluding writers.</summary>
    public abstract Task<T> ReadAsync<T>(Func<DbConnection, Task<T>> work, CancellationToken cancellationToken);

    /// <summary>The store's clock on a reader's connection, in milliseconds since 1970.</summary>
    public abstract Task<long> NowAsync(DbConnection connection, CancellationToken cancellationToken);

    /// <summary>Inserts trials, queued or held, each with its place in the sweep's expansion.</summary>
    public abstract Task<InsertedTrials> InsertTrialsAsync(SqlWork work, long sweep, IEnumerable<PlacedTrial> trials);

    /// <summary>
    /// A condition on a trial <c>t</c>: its stored spec has this value, JSON in a parameter, on the axis that a parameter names; without one, as its seed.
    /// </summary>
    public abstract string SpecHas(string? axis, string value);

    /// <summary>An expression: the value of a completed trial <c>t</c>'s metric that a parameter names; null where it has none.</summary>
    public abstract string MetricOf(string name);

    /// <summary>The same of its truth level.</summary>
    public abstract string TruthLevelOf(string name);

    /// <summary>The same of a stored metric, or of the gap of a log-likelihood, which is worked out.</summary>
    /// <param name="metric">Its name.</param>
    /// <param name="parameter">The parameter that is to hold <c>Stored</c>, the name of what is stored.</param>
    public (string Sql, string Stored) ValueOf(string metric, string parameter) => metric == LogLikelihoodGap.Key
        ? ($"({TruthLevelOf(parameter)} - {MetricOf(parameter)})", LogLikelihood.Key)
        : (MetricOf(parameter), metric);

    /// <summary>A condition: the column has one of the values of a parameter, an array that isn't empty.</summary>
    public abstract string Among(string column, string values);

    /// <summary>
    /// Tells a sweep's id whenever it was changed beside its grain, from now on (not of what happens while the store can't be reached), and
    /// <see cref="RequestRows.News"/> whenever operators' requests may wait; each before <see cref="WorkSignal"/> is raised, which is raised for what other
    /// processes commit as long as anybody is told.
    /// </summary>
    /// <returns>Ends it.</returns>
    public abstract IDisposable WhenTold(Action<string> told);

    /// <summary>Part of a transaction that makes trials leasable: tells other processes; null where the engine can't.</summary>
    /// <param name="news">A sweep that was changed beside its grain, which is to look again, or <see cref="RequestRows.News"/>; null where there is
    /// neither.</param>
    public virtual SqlStatement? Announcement(string? news) => null;

    /// <summary>Writes a request (parameters Id, sweep, name, verb, trials, Silo, note, who, Now), unless one of its id is there.</summary>
    public virtual string InsertRequest =>
        """
        INSERT INTO requests (id, sweep, name, verb, trials, silo, note, who, asked)
        VALUES (@Id, @sweep, @name, @verb, @trials, @Silo, @note, @who, @Now) ON CONFLICT (id) DO NOTHING
        """;

    /// <summary>The tables that hold results, by trial, in the order in which rows go.</summary>
    public abstract IReadOnlyList<string> ResultTables { get; }

    /// <summary>Deletes a trial's result, if it has one.</summary>
    public abstract Task DropResultAsync(SqlWork work, long trial);

    /// <summary>Executes statements in order.</summary>
    public virtual async Task ExecuteAsync(
        DbConnection connection, DbTransaction? transaction, IReadOnlyList<SqlStatement> statements, CancellationToken cancellationToken)
    {
        foreach (SqlStatement statement in statements)
        {
            DynamicParameters parameters = new();
            foreach (SqlValue value in statement.Values)
                parameters.Add(value.Name, value.Value, value.Type);
            await connection.ExecuteAsync(new CommandDefinition(statement.Sql, parameters, transaction, cancellationToken: cancellationToken));
        }
    }

    public abstract ValueTask DisposeAsync();
}
