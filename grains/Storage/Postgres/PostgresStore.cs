using System.Data;
using System.Data.Common;
using System.Globalization;
using Npgsql;
using NpgsqlTypes;
using Sweep.Grains.Coordination;
using Sweep.Grains.Storage.Guarded;

namespace Sweep.Grains.Storage.Postgres;

/// <summary>
/// A store in one schema of a PostgreSQL database, shared by any number of processes. Transactions are READ COMMITTED and lock the rows that they
/// change: trials first, then silos, then counters, so that they rarely wait for each other in a circle; the loser of one begins again. Its clock is
/// the database's.
/// <para>
/// Durability: what took work to make (a submission, a result, an operator's word) is on the disk when the call returns, as the server is configured.
/// Leases and heartbeats are committed without waiting for the disk (synchronous_commit off): a database that crashes may forget the last
/// half second of them, which ends as lost leases do.
/// </para>
/// <para>
/// A process that is frozen in the middle of a transaction would keep its rows locked for as long: the server ends such a transaction after one lease
/// duration, when the process has lost its leases anyway.
/// </para>
/// </summary>
internal sealed class PostgresStore : SqlStore
{
    private const int MaxCollisions = 20;
    private const int Slots = 64;
    private static readonly SqlStatement Commit = new("COMMIT", []);

    private readonly NpgsqlDataSource _source;
    private readonly PostgresUrl _url;
    private readonly PostgresListener _listener;
    private readonly TimeProvider _time;
    private readonly string _begin;
    private readonly string _settings;
    private int _slot = Environment.ProcessId;

    public PostgresStore(NpgsqlDataSource source, PostgresUrl url, CoordinatorOptions options, TimeProvider time)
    {
        long mostIdleMs = Math.Max(1, (long)options.LeaseDuration.TotalMilliseconds);
        _settings = string.Create(CultureInfo.InvariantCulture, $"SELECT now_ms(), set_config('idle_in_transaction_session_timeout', '{mostIdleMs}', true)");
        _begin = $"BEGIN; {_settings}";
        _source = source;
        _url = url;
        _time = time;
        Outages = new StoreOutages(time);
        _listener = new PostgresListener(url, WorkSignal, time);
    }

    public override StoreOutages? Outages { get; }

    public override string ForUpdate => "FOR NO KEY UPDATE OF t";

    public override string SkipLocked => "FOR NO KEY UPDATE OF t SKIP LOCKED";

    /// <summary>Spread over processes and, within one, over transactions: a counter's row is held until its transaction is on the disk.</summary>
    public override int CountSlot => (Interlocked.Increment(ref _slot) & int.MaxValue) % Slots;

    public override string SpecHas(string? axis, string value) => axis is null
        ? $"(t.spec::jsonb -> 'seed') = {value}::jsonb"
        : $"(t.spec::jsonb -> 'axes' -> {axis}) = {value}::jsonb";

    public override Task<T> WriteAsync<T>(bool durable, Func<SqlWork, Task<T>> work, CancellationToken cancellationToken) =>
        UntilNoCollisionAsync(() => TryWriteAsync(durable, work, cancellationToken));

    /// <summary>In two round trips: what is asked goes with the transaction's beginning, what is written with its commit.</summary>
    public override Task<T> ExchangeAsync<T>(SweepExchange<T> exchange, CancellationToken cancellationToken) =>
        UntilNoCollisionAsync(() => TryExchangeAsync(exchange, cancellationToken));

    public override async Task<GuardedAnswers> WriteAsync(SqlWork work, GuardedWrites writes)
    {
        if (writes.IsEmpty)
            return GuardedAnswers.None;
        await work.FlushAsync();
        await using NpgsqlBatch batch = new((NpgsqlConnection)work.Connection);
        PostgresGuard.Add(batch, writes, work.Now);
        try
        {
            await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(work.CancellationToken);
            return await PostgresGuard.ReadAsync(reader, writes, work.CancellationToken);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.DivisionByZero)
        {
            throw new RowsChangedException();
        }
    }

    public override async Task<T> ReadAsync<T>(Func<DbConnection, Task<T>> work, CancellationToken cancellationToken)
    {
        try
        {
            // One snapshot for all queries of a read.
            await using NpgsqlConnection connection = await _source.OpenConnectionAsync(cancellationToken);
            await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
            T result = await work(connection);
            await transaction.CommitAsync(cancellationToken);
            return result;
        }
        catch (Exception e) when (PostgresErrors.IsStores(e))
        {
            throw PostgresErrors.Translate(e, _url.Shown);
        }
    }

    /// <summary>The view <c>metrics</c> would take each row's arrays apart.</summary>
    public override string MetricOf(string name) => OfResult("metric_values", name);

    public override string TruthLevelOf(string name) => OfResult("metric_truth_levels", name);

    private static string OfResult(string column, string name) =>
        $"(SELECT r.{column}[array_position(r.metric_names, {name})] FROM results r WHERE r.trial = t.trial)";

    public override string Among(string column, string values) => $"{column} = ANY({values})";

    public override async Task<long> NowAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand now = new("SELECT now_ms()", (NpgsqlConnection)connection);
        return (long)(await now.ExecuteScalarAsync(cancellationToken))!;
    }

    public override async Task<InsertedTrials> InsertTrialsAsync(SqlWork work, long sweep, IEnumerable<PlacedTrial> trials)
    {
        InsertedTrials inserted = default;
        await using NpgsqlBinaryImporter copy = await ((NpgsqlConnection)work.Connection).BeginBinaryImportAsync(
            "COPY trials (sweep, ordinal, id, cost, needs, stage, state, digest, spec) FROM STDIN (FORMAT BINARY)", work.CancellationToken);
        foreach ((long place, PlannedTrial planned, int stage) in trials)
        {
            string text = StoredJson.Write(planned.Trial);
            await copy.StartRowAsync(work.CancellationToken);
            await copy.WriteAsync(sweep, NpgsqlDbType.Bigint, work.CancellationToken);
            await copy.WriteAsync(place, NpgsqlDbType.Bigint, work.CancellationToken);
            await copy.WriteAsync(planned.Trial.Id, NpgsqlDbType.Text, work.CancellationToken);
            await copy.WriteAsync(planned.EstimatedCost, NpgsqlDbType.Double, work.CancellationToken);
            await copy.WriteAsync((int)planned.Needs, NpgsqlDbType.Integer, work.CancellationToken);
            await copy.WriteAsync(stage, NpgsqlDbType.Integer, work.CancellationToken);
            await copy.WriteAsync((int)InsertedTrials.StatusOf(stage), NpgsqlDbType.Integer, work.CancellationToken);
            await copy.WriteAsync(RowDigest.OfTrial(place, planned.Trial.Id, text), NpgsqlDbType.Bytea, work.CancellationToken);
            await copy.WriteAsync(text, NpgsqlDbType.Text, work.CancellationToken);
            inserted = inserted.With(planned, stage);
        }

        await copy.CompleteAsync(work.CancellationToken);
        return inserted;
    }

    public override IDisposable WhenTold(Action<string> told) => _listener.WhenTold(told);

    /// <summary>
    /// Notifications commit one after the other in the whole server: only what makes trials leasable and what operators do is announced, not every change.
    /// </summary>
    public override SqlStatement? Announcement(string? news) =>
        SqlStatement.Of("SELECT pg_notify(@channel, @payload)", new { channel = PostgresListener.Channel(_url), payload = news ?? "" });

    /// <summary>The database records who asks, and when: the operators' role may not write these columns.</summary>
    public override string InsertRequest =>
        """
        INSERT INTO requests (id, sweep, name, verb, trials, silo, note) VALUES (@Id, @sweep, @name, @verb, @trials, @Silo, @note)
        ON CONFLICT (id) DO NOTHING
        """;

    public override IReadOnlyList<string> ResultTables => ["results"];

    public override Task DropResultAsync(SqlWork work, long trial) => work.ExecuteAsync("DELETE FROM results WHERE trial = @trial", new { trial });

    /// <summary>All in one round trip.</summary>
    public override async Task ExecuteAsync(
        DbConnection connection, DbTransaction? transaction, IReadOnlyList<SqlStatement> statements, CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = new((NpgsqlConnection)connection);
        Add(batch, statements);
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    private static void Add(NpgsqlBatch batch, IReadOnlyList<SqlStatement> statements)
    {
        foreach (SqlStatement statement in statements)
        {
            NpgsqlBatchCommand command = new(statement.Sql);
            foreach (SqlValue value in statement.Values)
            {
                command.Parameters.Add(value.Value is Array and not byte[]
                    ? new NpgsqlParameter(value.Name, value.Value)
                    : new NpgsqlParameter(value.Name, value.Type) { Value = value.Value ?? DBNull.Value });
            }

            batch.BatchCommands.Add(command);
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await _listener.DisposeAsync();
        await _source.DisposeAsync();
    }

    private async Task<T> UntilNoCollisionAsync<T>(Func<Task<T>> transaction)
    {
        for (int collisions = 0; ; collisions++)
        {
            long began = _time.GetTimestamp();
            try
            {
                T result = await transaction();
                Outages!.Succeeded(began);
                return result;
            }
            catch (PostgresException e) when (PostgresErrors.IsCollision(e) && collisions < MaxCollisions)
            {
                // Rolled back whole; the winner has gone on.
            }
            catch (Exception e) when (PostgresErrors.IsStores(e))
            {
                if (PostgresErrors.IsAway(e))
                    Outages!.Failed();
                throw PostgresErrors.Translate(e, _url.Shown);
            }
        }
    }

    private async Task<T> TryWriteAsync<T>(bool durable, Func<SqlWork, Task<T>> work, CancellationToken cancellationToken)
    {
        // BEGIN and COMMIT travel with what follows and what precedes them.
        await using NpgsqlConnection connection = await _source.OpenConnectionAsync(cancellationToken);
        try
        {
            await using NpgsqlCommand begin = new(
                durable ? _begin : $"{_begin}, set_config('synchronous_commit', 'off', true)", connection);
            SqlWork context = new(this, connection, null, (long)(await begin.ExecuteScalarAsync(cancellationToken))!, cancellationToken);
            T result = await work(context);
            await ExecuteAsync(connection, null, [.. context.Finish(), Commit], CancellationToken.None);
            if (context.HasNews)
                WorkSignal.Raise();
            return result;
        }
        catch when (connection.State == ConnectionState.Open)
        {
            await RollbackAsync(connection);
            throw;
        }
    }

    private async Task<T> TryExchangeAsync<T>(SweepExchange<T> exchange, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await _source.OpenConnectionAsync(cancellationToken);
        try
        {
            await using NpgsqlBatch first = new(connection);
            first.BatchCommands.Add(new NpgsqlBatchCommand("BEGIN"));
            first.BatchCommands.Add(new NpgsqlBatchCommand(exchange.Durable ? _settings : $"{_settings}, set_config('synchronous_commit', 'off', true)"));
            SweepQuestion? question = exchange.Ask();
            if (question is not null)
                PostgresQuestions.Add(first, question);
            SqlWork context;
            SweepAnswers? answers;
            await using (NpgsqlDataReader reader = await first.ExecuteReaderAsync(cancellationToken))
            {
                await reader.ReadAsync(cancellationToken);
                context = new SqlWork(this, connection, null, reader.GetInt64(0), cancellationToken);
                await reader.NextResultAsync(cancellationToken);
                answers = question is null ? null : await PostgresQuestions.ReadAsync(reader, question, cancellationToken);
            }

            GuardedWrites? writes = await exchange.DecideAsync(context, answers);
            await using NpgsqlBatch last = new(connection);
            if (writes is not null)
                PostgresGuard.Add(last, writes, context.Now);
            Add(last, [.. context.Finish(), Commit]);
            T result;
            await using (NpgsqlDataReader reader = await last.ExecuteReaderAsync(CancellationToken.None))
            {
                result = exchange.Read(writes is null ? GuardedAnswers.None : await PostgresGuard.ReadAsync(reader, writes, CancellationToken.None));

                // To the end: only there is it certain that it is committed.
                while (await reader.NextResultAsync(CancellationToken.None))
                {
                }
            }

            if (context.HasNews)
                WorkSignal.Raise();
            return result;
        }
        catch (Exception e)
        {
            if (connection.State == ConnectionState.Open)
                await RollbackAsync(connection);
            if (e is PostgresException { SqlState: PostgresErrorCodes.DivisionByZero })
                throw new RowsChangedException();
            throw;
        }
    }

    private static async Task RollbackAsync(NpgsqlConnection connection)
    {
        try
        {
            await using NpgsqlCommand rollback = new("ROLLBACK", connection);
            await rollback.ExecuteNonQueryAsync(CancellationToken.None);
        }
        catch (Exception e) when (PostgresErrors.IsStores(e))
        {
            // The connection is gone, and with it the transaction; what failed first is what the caller is told.
        }
    }
}
