using System.Data.Common;
using Sweep.Grains.Coordination;
using Sweep.Grains.Storage;
using Sweep.Grains.Storage.Guarded;
using Sweep.Grains.Storage.Postgres;

namespace Sweep.Tests.Simulation;

/// <summary>
/// A process's way to the database: takes its time, fails before, within or after a transaction, and is cut off with the process. The transaction itself is
/// the engine's.
/// </summary>
internal sealed class SimStore(SimDatabase database, SimProcess process, SimFaults faults, SimRandom random) : SqlStore
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private Action<string>? _told;

    public bool IsAlive => process.IsAlive;

    public override string ForUpdate => database.Inner.ForUpdate;

    public override string SkipLocked => database.Inner.SkipLocked;

    public override int CountSlot => database.Inner.CountSlot;

    public override IReadOnlyList<string> ResultTables => database.Inner.ResultTables;

    /// <summary>Work was announced: who listens hears it a moment later or, where the connection is lost, that there is another.</summary>
    public void Tell(IReadOnlyCollection<string?> announced)
    {
        if (_told is null)
            return;
        if (process.IsCutOff || faults.Strikes(faults.LostSignal))
            Connect();
        else
            process.After(random.Span(0, 0.1), () => Hear(announced));
    }

    public override Task<T> WriteAsync<T>(bool durable, Func<SqlWork, Task<T>> work, CancellationToken cancellationToken)
    {
        List<string?> announced = [];
        return TransactAsync(
            () => database.Inner.WriteAsync(
                durable,
                async its =>
                {
                    T result = await work(its);
                    announced.AddRange(its.Announced);
                    Midst();
                    return result;
                },
                cancellationToken),
            announced);
    }

    public override Task<T> ExchangeAsync<T>(SweepExchange<T> exchange, CancellationToken cancellationToken)
    {
        return TransactAsync(
            async () =>
            {
                while (true)
                {
                    try
                    {
                        return await database.Inner.ExchangeAsync(new Exchange<T>(exchange, this), cancellationToken);
                    }
                    catch (CollisionException)
                    {
                        // As a store does that collides with another transaction.
                    }
                }
            },
            []);
    }

    public override async Task<T> ReadAsync<T>(Func<DbConnection, Task<T>> work, CancellationToken cancellationToken)
    {
        await ReachAsync();
        cancellationToken.ThrowIfCancellationRequested();
        if (faults.Strikes(faults.StoreBefore))
            throw new StoreException("simulated: the store can't be read");
        return await database.Inner.ReadAsync(work, cancellationToken);
    }

    public override Task<GuardedAnswers> WriteAsync(SqlWork work, GuardedWrites writes) => database.Inner.WriteAsync(work, writes);

    public override Task<long> NowAsync(DbConnection connection, CancellationToken cancellationToken) =>
        database.Inner.NowAsync(connection, cancellationToken);

    public override Task<InsertedTrials> InsertTrialsAsync(SqlWork work, long sweep, IEnumerable<PlacedTrial> trials) =>
        database.Inner.InsertTrialsAsync(work, sweep, trials);

    public override string SpecHas(string? axis, string value) => database.Inner.SpecHas(axis, value);

    public override string MetricOf(string name) => database.Inner.MetricOf(name);

    public override string TruthLevelOf(string name) => database.Inner.TruthLevelOf(name);

    public override string Among(string column, string values) => database.Inner.Among(column, values);

    /// <summary>Listens from a moment later on, when its connection is there.</summary>
    public override IDisposable WhenTold(Action<string> told)
    {
        _told += told;
        Connect();
        return new Ending(() => _told -= told);
    }

    public override Task DropResultAsync(SqlWork work, long trial) => database.Inner.DropResultAsync(work, trial);

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task<T> TransactAsync<T>(Func<Task<T>> transact, IReadOnlyCollection<string?> announced)
    {
        await ReachAsync();
        if (faults.Strikes(faults.StoreBefore))
            throw Failure("before");
        long signals = database.Inner.WorkSignal.Count;
        T result = await transact();
        bool news = database.Inner.WorkSignal.Count != signals;
        database.Committed(news, announced);
        if (news)
            WorkSignal.Raise();
        await process.Delay(random.Span(0, 0.003));
        if (faults.Strikes(faults.LongDelay))
            await process.Delay(random.Span(20, 60));
        if (process.IsCutOff || faults.Strikes(faults.StoreAfter))
            throw Failure("after");
        return result;
    }

    /// <summary>What was announced before a connection is lost: everything is to be looked at.</summary>
    private void Connect() => process.After(random.Span(0.01, 5), () =>
    {
        if (process.IsCutOff)
            Connect();
        else
            Hear([RequestRows.News, ClusterKey.News]);
    });

    private void Hear(IReadOnlyCollection<string?> announced)
    {
        if (_told is not { } told)
            return;
        foreach (string news in announced.OfType<string>())
            told(news);
        WorkSignal.Raise();
    }

    private async Task ReachAsync()
    {
        await process.Delay(random.Span(0, 0.003));
        if (faults.Strikes(faults.LongDelay))
            await process.Delay(random.Span(20, 60));
        if (!process.IsCutOff)
            return;
        await process.Delay(random.Next(2) == 0 ? Patience : TimeSpan.FromMilliseconds(5));
        if (process.IsCutOff)
            throw new StoreException("simulated: the store can't be reached");
    }

    private void Midst()
    {
        if (faults.Strikes(faults.StoreMidst))
            throw Failure("within");
    }

    /// <summary>To grains anything; workers are promised <see cref="StoreException"/>.</summary>
    private Exception Failure(string when)
    {
        Exception failure = SynchronizationContext.Current is SimLane { IsGrain: true } ? faults.AnyException() : new StoreException("simulated: no store");
        process.Say($"store fails {when} its transaction: {failure.GetType().Name}");
        return failure;
    }

    private sealed class CollisionException : Exception;

    /// <summary>The same exchange, perhaps more than once.</summary>
    private sealed class Exchange<T>(SweepExchange<T> exchange, SimStore store) : SweepExchange<T>
    {
        public override bool Durable => exchange.Durable;

        public override SweepQuestion? Ask() => exchange.Ask();

        public override Task<GuardedWrites?> DecideAsync(SqlWork work, SweepAnswers? answers) => exchange.DecideAsync(work, answers);

        public override T Read(GuardedAnswers answers)
        {
            T result = exchange.Read(answers);
            store.Midst();
            return store.Collides() ? throw new CollisionException() : result;
        }
    }

    private bool Collides() => faults.Strikes(faults.StoreAgain);
}
