using Sweep.Grains.Coordination;
using Sweep.Grains.Orleans.Transactions;
using Sweep.Grains.Orleans.Wire;
using Sweep.Grains.Storage;
using Sweep.Tests.Grains.Coordination;
using Sweep.Tests.Grains.Storage;
using Xunit;

namespace Sweep.Tests.Orleans;

/// <summary>
/// Orleans may have two activations of a grain for a moment, each with its own idea of the sweep. The store is the last judge: what one does on the other's
/// ground is refused, and it reads again. A store adds a subclass of a few lines.
/// </summary>
public abstract partial class SweepTransactionConformance : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly string _sweepId = Samples.Sweep("ring").Id;
    private readonly CoordinatorOptions _options = new();
    private TestStore _stores = null!;
    private SqlSweeps _sql = null!;

    private protected SqlStore Store => _sql.Store;

    private protected abstract TestStore NewStore();

    public async ValueTask InitializeAsync()
    {
        _stores = NewStore();
        _sql = _stores.Open();
        await _sql.SubmitAsync(Samples.Sweep("ring"), Samples.Trials(6), None);
        foreach (string silo in new[] { "a", "b" })
            await _sql.Store.WriteAsync(durable: false, work => Silos.FindAsync(work, silo, 0), None);
    }

    public async ValueTask DisposeAsync()
    {
        if (_stores is not null)
            await _stores.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task CommitAsync_WhenTwoActivationsLeaseInTurn_GivesEveryTrialOnce()
    {
        SweepTransaction one = New();
        SweepTransaction two = New();
        List<WireLease> given = [.. await TakeAsync(one, 1, 2), .. await TakeAsync(two, 2, 2), .. await TakeAsync(one, 1, 2), .. await TakeAsync(two, 2, 2)];
        Assert.Equal(6, given.Count);
        Assert.Equal(6, given.Select(l => l.TrialId).Distinct().Count());
        Assert.All(await _sql.TrialsAsync(_sweepId, null, 0, 6, None), t => Assert.Equal((TrialStatus.Running, 1), (t.State, t.Attempts)));
    }

    [Fact]
    public async Task CommitAsync_WhenAnotherActivationGaveTheTrialAway_RefusesTheOldLease()
    {
        SweepTransaction one = New();
        WireLease old = Assert.Single(await TakeAsync(one, 1, 1));
        _stores.Advance(TimeSpan.FromSeconds(31));
        SweepTransaction two = New();
        await DoAsync(two, two.CatchUp());
        WireLease next = Assert.Single(await TakeAsync(two, 2, 1));
        Assert.Equal((old.TrialId, 2L), (next.TrialId, next.FencingToken));

        Assert.Equal((int)ReportAnswer.Stale, await DoAsync(one, new CompleteOperation(Report(old))));
        Assert.Equal(new[] { (int)HeartbeatAnswer.Lost }, await DoAsync(one, new HeartbeatOperation("a", [Progress(old)])));
        Assert.Equal((int)ReportAnswer.Accepted, await DoAsync(one, new CompleteOperation(Report(next))));

        // The other one doesn't know: its row is gone, and the report is the same one again.
        Assert.Equal((int)ReportAnswer.Accepted, await DoAsync(two, new CompleteOperation(Report(next))));
        Assert.Equal(new[] { (int)HeartbeatAnswer.Lost }, await DoAsync(two, new HeartbeatOperation("b", [Progress(next)])));
        TrialDetail detail = (await _sql.TrialAsync(_sweepId, old.TrialId, None))!;
        Assert.Equal([AttemptOutcome.Lost, AttemptOutcome.Completed], detail.Attempts.Select(a => a.Outcome));
    }

    [Fact]
    public async Task CommitAsync_WhenAnotherActivationDidWhatAnOperatorAsked_FollowsIt()
    {
        SweepTransaction one = New();
        SweepTransaction two = New();
        WireLease lease = Assert.Single(await TakeAsync(one, 1, 1));
        await _sql.WriteAsync(OperatorRequest.Cancel(_sweepId), None);
        await DoAsync(two, two.CatchUp());

        Assert.Empty(await TakeAsync(one, 2, 3));
        Assert.Equal(new[] { (int)HeartbeatAnswer.Cancelled }, await DoAsync(one, new HeartbeatOperation("a", [Progress(lease)])));
        await _sql.WriteAsync(OperatorRequest.Retry(_sweepId), None);
        await DoAsync(two, two.CatchUp());
        one.Doubt();
        Assert.Equal(5, (await TakeAsync(one, 2, 9)).Length);
    }

    [Fact]
    public async Task CatchUp_WhenTwoActivationsDoSoAtOnce_CarriesEachRequestOutOnce()
    {
        // Were it done twice, the second cancellation would undo what was asked in between.
        SweepTransaction[] activations = [New(), New(), New(), New()];
        for (int round = 0; round < 10; round++)
        {
            OperatorRequest cancel = OperatorRequest.Cancel(_sweepId);
            OperatorRequest retry = OperatorRequest.Retry(_sweepId);
            await _sql.WriteAsync(cancel, None);
            await _sql.WriteAsync(retry, None);
            await Task.WhenAll(activations.Select(a => DoAsync(a, a.CatchUp())));
            Assert.Equal((6, 6), ((await _sql.FindAsync(cancel, None)).Count, (await _sql.FindAsync(retry, None)).Count));
            Assert.Equal(6, (await _sql.FindAsync(_sweepId, None))!.Queued);
        }
    }

    [Fact]
    public async Task CatchUp_WhenARequestMakesNoSense_RefusesItAndGoesOn()
    {
        await ExecuteAsync(
            """
            INSERT INTO requests (id, sweep, verb, trials, who, asked)
            SELECT r.id, s.sweep, r.verb, r.trials, 'x', 1 FROM sweeps s, (
                SELECT 'x' AS id, 3 AS verb, '{' AS trials UNION ALL SELECT 'y', 99, NULL UNION ALL SELECT 'z', 5, NULL) r
            """);
        OperatorRequest pause = OperatorRequest.Pause(_sweepId);
        await _sql.WriteAsync(pause, None);
        SweepTransaction one = New();
        await DoAsync(one, one.CatchUp());
        IReadOnlyList<RequestRecord> log = await _sql.RequestsAsync(_sweepId, 10, None);
        Assert.All(log, record => Assert.NotNull(record.Done));
        Assert.Equal([true, false, false, false], log.Select(record => record.Refused is null));
        Assert.True((await _sql.FindAsync(_sweepId, None))!.Paused);
    }

    [Fact]
    public async Task CommitAsync_WhenManyCallsArriveTogether_AnswersEachInOneTransaction()
    {
        SweepTransaction one = New();
        WireLease[] leases = await TakeAsync(one, 1, 4);
        HeartbeatOperation beat = new("a", [Progress(leases[0]), Progress(leases[1]) with { FencingToken = 7 }]);
        CompleteOperation complete = new(Report(leases[2]));
        TakeOperation take = new(new WireTake { Silo = 2, MaxTrials = 9, FailedSince = long.MaxValue });
        StoreOperation<int> fail = one.InStore(Report(leases[3]) with { Outcome = (int)AttemptOutcome.Failed, Message = "NaN", Result = null });
        long before = await CommitsAsync();
        await one.CommitAsync(Store, [beat, complete, take, fail]);
        long after = await CommitsAsync();

        Assert.Equal([(int)HeartbeatAnswer.Renewed, (int)HeartbeatAnswer.Lost], beat.Answer);
        Assert.Equal(((int)ReportAnswer.Accepted, (int)ReportAnswer.Accepted), (complete.Answer, fail.Answer));

        // The one that failed is queued again before leases are given.
        Assert.Equal(3, take.Answer.Length);
        Assert.InRange(after - before, 1, MaxCommits);
        SweepSummary summary = (await _sql.FindAsync(_sweepId, None))!;
        Assert.Equal((0, 5, 1), (summary.Queued, summary.Running, summary.Completed));
    }

    [Fact]
    public async Task CommitAsync_WhenASiloReportsAndAsks_LeasesInTheSameTransaction()
    {
        SweepTransaction one = New();
        WireLease[] leases = await TakeAsync(one, 1, 2);
        (CompleteOperation[] completes, NextOperation next) = Reported(leases, 2);
        await one.CommitAsync(Store, [.. completes, next]);
        Assert.Equal([(int)ReportAnswer.Accepted, (int)ReportAnswer.Accepted], completes.Select(c => c.Answer));

        // In the order in which the dispatcher would have given them.
        Assert.Equal(Samples.Trials(6).Select(t => t.Trial.Id).Skip(2).Take(2), next.Answer.Select(l => l.TrialId));
        Assert.All(next.Answer, lease => Assert.Equal(1, lease.Holder));
        SweepSummary summary = (await _sql.FindAsync(_sweepId, None))!;
        Assert.Equal((2, 2, 2), (summary.Queued, summary.Running, summary.Completed));
    }

    [Theory]
    [InlineData("paused")]
    [InlineData("asked")]
    [InlineData("quarantined")]
    [InlineData("expired")]
    [InlineData("failed")]
    [InlineData("another sweep first")]
    [InlineData("unknown silo")]
    [InlineData("new facts")]
    public async Task CommitAsync_WhenTheDispatcherHasSomethingToDecide_CommitsTheResultAndLeasesNothing(string why)
    {
        SweepTransaction one = New();
        if (why == "expired")
        {
            await TakeAsync(one, 2, 1);
            _stores.Advance(TimeSpan.FromSeconds(31));
        }

        WireLease[] leases = await TakeAsync(one, 1, 1);
        WireLeaseRequest request = new() { Silo = why == "unknown silo" ? "nobody" : "a", MaxTrials = 1, Devices = why == "new facts" ? "cuda:0" : null };
        switch (why)
        {
            case "paused":
                await _sql.WriteAsync(OperatorRequest.Pause(_sweepId), None);
                SweepTransaction two = New();
                await DoAsync(two, two.CatchUp());
                break;
            case "asked":
                await _sql.WriteAsync(OperatorRequest.Unquarantine("a"), None);
                break;
            case "quarantined":
                await ExecuteAsync("UPDATE silos SET quarantined = 1 WHERE id = 'a'");
                break;
            case "failed":
                await ExecuteAsync("INSERT INTO silo_failures (silo, trial, attempt, proven) SELECT 1, max(trial), 1, false FROM trials");
                break;
            case "another sweep first":
                await _sql.SubmitAsync(Samples.Sweep("other"), Samples.Trials(1).Select(t => t with { EstimatedCost = 1e9 }), None);
                break;
            default:
                break;
        }

        CompleteOperation complete = new(Report(leases[0]));
        NextOperation next = new(request);
        await one.CommitAsync(Store, [complete, next]);
        Assert.Equal(((int)ReportAnswer.Accepted, 0), (complete.Answer, next.Answer.Length));
        Assert.Equal(1, (await _sql.FindAsync(_sweepId, None))!.Completed);
    }

    [Fact]
    public async Task CommitAsync_WhenOneTrialIsReportedTwiceAtOnce_CompletesItOnce()
    {
        SweepTransaction one = New();
        WireLease lease = Assert.Single(await TakeAsync(one, 1, 1));
        (CompleteOperation[] completes, NextOperation next) = Reported([lease, lease], 1);
        await one.CommitAsync(Store, [.. completes, next]);
        Assert.Equal([(int)ReportAnswer.Accepted, (int)ReportAnswer.Accepted], completes.Select(c => c.Answer));
        SweepSummary summary = (await _sql.FindAsync(_sweepId, None))!;
        Assert.Equal((1, 0), (summary.Completed, summary.Running));
    }

    /// <summary>What somebody else writes.</summary>
    private Task<int> ExecuteAsync(string sql) => Store.WriteAsync(durable: false, work => work.ExecuteAsync(sql), None);

    /// <summary>A count that rises by one with a commit, and with what others commit meanwhile.</summary>
    private protected abstract Task<long> CommitsAsync();

    /// <summary>How far it may rise with one commit.</summary>
    private protected abstract long MaxCommits { get; }

    private static (CompleteOperation[] Completes, NextOperation Next) Reported(WireLease[] leases, int most) =>
        ([.. leases.Select(l => new CompleteOperation(Report(l)))], new NextOperation(new WireLeaseRequest { Silo = "a", MaxTrials = most }));

    private SweepTransaction New() => new(_sweepId, _options);

    private Task<WireLease[]> TakeAsync(SweepTransaction transaction, long silo, int most) =>
        DoAsync(transaction, new TakeOperation(new WireTake { Silo = silo, MaxTrials = most, FailedSince = long.MaxValue }));

    private async Task<T> DoAsync<T>(SweepTransaction transaction, SweepOperation<T> operation)
    {
        await transaction.CommitAsync(Store, [operation]);
        return operation.Answer;
    }

    private static WireProgress Progress(WireLease lease) =>
        new() { TrialId = lease.TrialId, FencingToken = lease.FencingToken, Phase = "train", Fraction = 0.5, Loss = double.NaN };

    private static WireReport Report(WireLease lease) => WireReport.Of(lease.ToLease(), AttemptOutcome.Completed, result: Samples.Result());
}
