using System.Collections.Concurrent;
using System.Data;
using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;
using SQLitePCL;
using Sweep.Grains.Coordination;
using Sweep.Grains.Storage.Guarded;

namespace Sweep.Grains.Storage.Sqlite;

/// <summary>
/// A store in one SQLite file. One connection writes, under a gate, so that this process' threads never compete for the file's lock; other
/// processes are waited for (busy_timeout). Readers have connections of their own: in WAL mode they neither block the writer nor wait for it.
/// <para>
/// Durability: WAL with synchronous=NORMAL never loses a committed transaction when the process dies, since the kernel holds the written pages,
/// and never corrupts the file; a power cut may undo the last few. Transactions that commit what took work to make (a submission, a result, an
/// operator's word) therefore run with synchronous=FULL and are synced to the disk. Leases and heartbeats aren't: a power cut ends the silos too.
/// </para>
/// </summary>
internal sealed class SqliteStore : SqlStore
{
    /// <summary>"SWEP": marks a file as ours.</summary>
    public const int ApplicationId = 0x53574550;

    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly ConcurrentBag<SqliteConnection> _readers = [];
    private readonly string _path;
    private readonly TimeProvider _clock;
    private readonly TimeSpan _busyTimeout;
    private readonly SqliteConnection _writer;
    private readonly bool _isArchive;
    private readonly CancellationTokenSource _over = new();
    private readonly Lock _lock = new();
    private Task? _looking;
    private Action<string>? _told;
    private bool _full;
    private bool _disposed;

    private SqliteStore(string path, TimeProvider clock, TimeSpan busyTimeout, SqliteConnection writer, bool isArchive)
    {
        _path = path;
        _isArchive = isArchive;
        _clock = clock;
        _busyTimeout = busyTimeout;
        _writer = writer;
    }

    /// <summary>How soon what another process has committed is noticed.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(250);

    public override string ForUpdate => "";

    public override string SkipLocked => "";

    public override int CountSlot => 0;

    public override string SpecHas(string? axis, string value) => axis is null
        ? $"json_extract(t.spec, '$.seed') = json_extract({value}, '$')"
        : $"json_extract(t.spec, '$.axes.\"' || {axis} || '\"') = json_extract({value}, '$')";

    /// <summary>Opens a store.</summary>
    /// <param name="create">Whether a missing file is made; its folder must exist.</param>
    /// <exception cref="StoreException">The file is missing, cannot be opened, is not ours or has a schema of another version.</exception>
    public static SqliteStore Open(string path, TimeProvider clock, TimeSpan busyTimeout, bool create)
    {
        SQLitePCL.Batteries_V2.Init();
        if (!create && !File.Exists(path))
            throw new StoreException($"there is no store: {path}");
        SqliteConnection? writer = null;
        try
        {
            writer = Connect(path, busyTimeout, create ? SqliteOpenMode.ReadWriteCreate : SqliteOpenMode.ReadWrite);
            SqliteSchema.Prepare(writer, path);
            return new SqliteStore(path, clock, busyTimeout, writer, isArchive: false);
        }
        catch (SqliteException e) when (!create && e.SqliteErrorCode is 8 or 14 && IsArchive(path))
        {
            writer?.Dispose();
            return OpenArchive(path, clock, busyTimeout);
        }
        catch (SqliteException e)
        {
            writer?.Dispose();
            throw Translate(e, path);
        }
        catch
        {
            writer?.Dispose();
            throw;
        }
    }

    /// <summary>Whether a file can be read but not written, and holds all there is: a log beside it would have to be taken in first.</summary>
    private static bool IsArchive(string path)
    {
        if (new FileInfo($"{path}-wal") is { Exists: true, Length: > 0 })
            return false;
        try
        {
            using FileStream stream = new(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
            return false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }

    /// <summary>Opens a file that nobody can change, such as a run on a read-only disk: it is read as it is, and every write is refused.</summary>
    private static SqliteStore OpenArchive(string path, TimeProvider clock, TimeSpan busyTimeout)
    {
        SqliteConnection? reader = null;
        try
        {
            reader = Connect(path, busyTimeout, SqliteOpenMode.ReadOnly, isArchive: true);
            SqliteSchema.Require(reader, path);
            return new SqliteStore(path, clock, busyTimeout, reader, isArchive: true);
        }
        catch (SqliteException e)
        {
            reader?.Dispose();
            throw Translate(e, path);
        }
        catch
        {
            reader?.Dispose();
            throw;
        }
    }

    public override async Task<T> WriteAsync<T>(bool durable, Func<SqlWork, Task<T>> work, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            RequireFile();
            if (durable != _full)
            {
                await ExecuteAsync(_writer, durable ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL", cancellationToken);
                _full = durable;
            }

            // BEGIN IMMEDIATE: the lock is taken at once, so no transaction has to be abandoned half-way.
            await ExecuteAsync(_writer, "BEGIN IMMEDIATE", cancellationToken);
            SqlWork context = new(this, _writer, null, _clock.GetUtcNow().ToUnixTimeMilliseconds(), cancellationToken);
            T result = await work(context);
            await ExecuteAsync(_writer, null, context.Finish(), cancellationToken);
            await ExecuteAsync(_writer, "COMMIT", CancellationToken.None);
            if (context.HasNews)
                WorkSignal.Raise();
            return result;
        }
        catch (SqliteException e)
        {
            throw Translate(e, _path);
        }
        catch (Exception e) when (IsMisread(e))
        {
            throw Damaged(_path, e.Message, e);
        }
        finally
        {
            await EndAsync(_writer);
            _gate.Release();
        }
    }

    public override async Task<T> ReadAsync<T>(Func<DbConnection, Task<T>> work, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        cancellationToken.ThrowIfCancellationRequested();
        RequireFile();
        SqliteConnection? reader = null;
        try
        {
            if (!_readers.TryTake(out reader))
            {
                reader = Connect(_path, _busyTimeout, _isArchive ? SqliteOpenMode.ReadOnly : SqliteOpenMode.ReadWrite, _isArchive);
                await ExecuteAsync(reader, "PRAGMA query_only = ON", cancellationToken);
            }

            // One snapshot for all queries of a read.
            await ExecuteAsync(reader, "BEGIN", cancellationToken);
            T result = await work(reader);
            await ExecuteAsync(reader, "COMMIT", CancellationToken.None);
            _readers.Add(reader);
            reader = null;
            return result;
        }
        catch (SqliteException e)
        {
            throw Translate(e, _path);
        }
        catch (Exception e) when (IsMisread(e))
        {
            throw Damaged(_path, e.Message, e);
        }
        finally
        {
            reader?.Dispose();
        }
    }

    public override string MetricOf(string name) => OfMetric("value", name);

    public override string TruthLevelOf(string name) => OfMetric("truth_level", name);

    private static string OfMetric(string column, string name) => $"(SELECT m.{column} FROM metrics m WHERE m.trial = t.trial AND m.name = {name})";

    /// <summary>Dapper makes a parameter of each value.</summary>
    public override string Among(string column, string values) => $"{column} IN {values}";

    public override Task<long> NowAsync(DbConnection connection, CancellationToken cancellationToken) =>
        Task.FromResult(_clock.GetUtcNow().ToUnixTimeMilliseconds());

    public override async Task<InsertedTrials> InsertTrialsAsync(SqlWork work, long sweep, IEnumerable<PlacedTrial> trials)
    {
        await using SqliteCommand insert = _writer.CreateCommand();
        insert.CommandText = "INSERT INTO trials (sweep, ordinal, id, cost, needs, stage, state, digest, spec) "
            + "VALUES ($sweep, $ordinal, $id, $cost, $needs, $stage, $state, $digest, $spec)";
        insert.Parameters.AddWithValue("$sweep", sweep);
        SqliteParameter ordinal = insert.Parameters.Add("$ordinal", SqliteType.Integer);
        SqliteParameter id = insert.Parameters.Add("$id", SqliteType.Text);
        SqliteParameter cost = insert.Parameters.Add("$cost", SqliteType.Real);
        SqliteParameter needs = insert.Parameters.Add("$needs", SqliteType.Integer);
        SqliteParameter look = insert.Parameters.Add("$stage", SqliteType.Integer);
        SqliteParameter state = insert.Parameters.Add("$state", SqliteType.Integer);
        SqliteParameter digest = insert.Parameters.Add("$digest", SqliteType.Blob);
        SqliteParameter spec = insert.Parameters.Add("$spec", SqliteType.Text);
        InsertedTrials inserted = default;
        foreach ((long place, PlannedTrial planned, int stage) in trials)
        {
            work.CancellationToken.ThrowIfCancellationRequested();
            string text = StoredJson.Write(planned.Trial);
            ordinal.Value = place;
            id.Value = planned.Trial.Id;
            cost.Value = planned.EstimatedCost;
            needs.Value = (int)planned.Needs;
            look.Value = stage;
            state.Value = (int)InsertedTrials.StatusOf(stage);
            digest.Value = RowDigest.OfTrial(place, planned.Trial.Id, text);
            spec.Value = text;
            inserted = inserted.With(planned, stage);
            insert.ExecuteNonQuery();
        }

        return inserted;
    }

    /// <summary>By another process or another connection.</summary>
    public override IDisposable WhenTold(Action<string> told)
    {
        lock (_lock)
        {
            _told += told;
            _looking ??= Task.Run(LookForOthersAsync);
        }

        return new Ending(() =>
        {
            lock (_lock)
                _told -= told;
        });
    }

    public override Task<T> ExchangeAsync<T>(SweepExchange<T> exchange, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(exchange);
        return WriteAsync(
            exchange.Durable,
            async work =>
            {
                SweepAnswers? answers = exchange.Ask() is { } question ? await SqliteGuard.AskAsync(work, question) : null;
                GuardedWrites? writes = await exchange.DecideAsync(work, answers);
                return exchange.Read(writes is null ? GuardedAnswers.None : await SqliteGuard.WriteAsync(work, writes));
            },
            cancellationToken);
    }

    public override Task<GuardedAnswers> WriteAsync(SqlWork work, GuardedWrites writes) => SqliteGuard.WriteAsync(work, writes);

    public override IReadOnlyList<string> ResultTables => SqliteResults.Tables;

    public override Task DropResultAsync(SqlWork work, long trial) => SqliteResults.DropAsync(work, trial);

    public override async ValueTask DisposeAsync()
    {
        if (!_over.IsCancellationRequested)
            await _over.CancelAsync();
        if (_looking is { } looking)
            await looking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _gate.WaitAsync();
        try
        {
            if (_disposed)
                return;
            _disposed = true;
            while (_readers.TryTake(out SqliteConnection? reader))
                await reader.DisposeAsync();
            await _writer.DisposeAsync();
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>The writer's <c>data_version</c> changes with what other connections commit, and with nothing else.</summary>
    private async Task LookForOthersAsync()
    {
        using PeriodicTimer timer = new(LookEvery);
        long? before = null;
        do
        {
            long version;
            await _gate.WaitAsync(_over.Token);
            try
            {
                await using SqliteCommand ask = _writer.CreateCommand();
                ask.CommandText = "PRAGMA data_version";
                version = (long)(await ask.ExecuteScalarAsync(_over.Token))!;
            }
            catch (SqliteException)
            {
                // Whoever works with the store is told what is wrong with it.
                continue;
            }
            finally
            {
                _gate.Release();
            }

            if (before is not null && before != version)
                await TellAsync();
            before = version;
        }
        while (await timer.WaitForNextTickAsync(_over.Token));
    }

    private async Task TellAsync()
    {
        if (_told is not { } told)
            return;
        try
        {
            foreach (string id in await ReadAsync(connection => connection.QueryAsync<string>("SELECT id FROM sweeps"), _over.Token))
                told(id);
        }
        catch (StoreException)
        {
            // As above.
        }

        told(RequestRows.News);
        WorkSignal.Raise();
    }

    /// <summary>A deleted file lives on for the processes that have it open: what is written to it is lost, without an error.</summary>
    private void RequireFile()
    {
        if (!File.Exists(_path))
        {
            throw new StoreException($"the store is gone: {_path} was removed or renamed while it was in use; what it held is lost unless it is put back")
            {
                IsLasting = true,
            };
        }
    }

    private static SqliteConnection Connect(string path, TimeSpan busyTimeout, SqliteOpenMode mode, bool isArchive = false)
    {
        SqliteConnectionStringBuilder settings = new()
        {
            DataSource = isArchive ? $"file:{Uri.EscapeDataString(path)}?immutable=1" : path,
            Mode = mode,
            Pooling = false,

            // Beyond SQLite's own patience, which busy_timeout sets: the client's retries sleep 150 ms at a time.
            DefaultTimeout = (int)Math.Ceiling(busyTimeout.TotalSeconds),
        };
        SqliteConnection connection = new(settings.ConnectionString);
        try
        {
            connection.Open();
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = $"PRAGMA busy_timeout = {(long)busyTimeout.TotalMilliseconds}; PRAGMA foreign_keys = ON; PRAGMA synchronous = NORMAL;";
            command.ExecuteNonQuery();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static async Task ExecuteAsync(SqliteConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>
    /// Rolls back what was not committed. SQLite does so itself after some errors (a full disk): a ROLLBACK would then only hide the first one.
    /// </summary>
    private static async Task EndAsync(SqliteConnection connection)
    {
        try
        {
            if (connection.Handle is { } handle && raw.sqlite3_get_autocommit(handle) == 0)
                await ExecuteAsync(connection, "ROLLBACK", CancellationToken.None);
        }
        catch (SqliteException)
        {
            // What failed first is what the caller is told.
        }
    }

    /// <summary>What readers of rows throw where a value is of another type than was stored.</summary>
    private static bool IsMisread(Exception e) => e is DataException or InvalidCastException or FormatException or OverflowException;

    private static StoreException Damaged(string path, string what, Exception e) => new(
        $"the store is damaged: {path}: {what}. The networks and samples beside it are kept. Run the spec in a new folder (--out DIR), "
        + "or repair a copy: sqlite3 sweep.db .recover | sqlite3 repaired.db",
        e)
    {
        IsLasting = true,
    };

    /// <summary>
    /// Why a folder takes nothing in, as SQLite's error code: it has one of its own for a disk that is full, but calls a quota that is reached and a disk that
    /// became read-only I/O errors. Null for any other trouble.
    /// </summary>
    private static int? Obstacle(string path)
    {
        const int NoSpace = 28, ReadOnly = 30, QuotaExceeded = 122, Full = 13, SqliteReadOnly = 8, Bytes = 1 << 16;
        try
        {
            using FileStream probe = new(
                $"{path}.{Environment.ProcessId}.probe", FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 1,
                FileOptions.DeleteOnClose | FileOptions.WriteThrough);
            probe.Write(new byte[Bytes]);
            return null;
        }
        catch (IOException e)
        {
            return (e.HResult & 0xFFFF) switch { NoSpace or QuotaExceeded => Full, ReadOnly => SqliteReadOnly, _ => null };
        }
        catch (UnauthorizedAccessException)
        {
            return SqliteReadOnly;
        }
    }

    private static StoreException Translate(SqliteException e, string path) => (e.SqliteErrorCode == 10 ? Obstacle(path) ?? 10 : e.SqliteErrorCode) switch
    {
        5 or 6 => new StoreException($"the store is locked by another process: {path}", e),
        8 => new StoreException($"the store is read-only: {path}", e) { IsLasting = true },
        11 => Damaged(path, e.Message, e),
        13 => new StoreException($"no space left on {Path.GetDirectoryName(Path.GetFullPath(path))}: the same command goes on once there is room", e)
        {
            IsLasting = true,
        },
        14 => new StoreException(
            $"the store cannot be opened: {path} (does the folder exist, may it be read, are there file descriptors left: ulimit -n?)", e)
        {
            IsLasting = true,
        },
        26 => new StoreException($"not a store of ours: {path} is not a SQLite file", e) { IsLasting = true },
        _ => new StoreException($"the store failed: {path}: {e.Message}", e),
    };
}
