using Sweep.Grains.Coordination;
using Sweep.Grains.Orleans.Transactions;
using Sweep.Grains.Orleans.Wire;
using Sweep.Tests.Grains.Coordination;
using Xunit;

namespace Sweep.Tests.Orleans;

/// <summary>Leases that were given and stand in no row yet.</summary>
public abstract partial class SweepTransactionConformance
{
    private static readonly CoordinatorOptions Unwritten = new() { UnwrittenFor = TimeSpan.FromMilliseconds(200) };

    [Fact]
    public async Task CommitAsync_OfAFirstLeaseWithAResult_WritesItWithItsOwnResult()
    {
        SweepTransaction one = new(_sweepId, Unwritten);
        WireLease lease = await PromiseAsync(one);
        Assert.True(one.HasUnwritten);
        Assert.Equal((4, 0, 2), await CountsAsync());
        Assert.Equal((Samples.Trials(6)[2].Trial.Id, 1L, 1L), (lease.TrialId, lease.FencingToken, lease.Holder));
        Assert.Equal(Samples.Trials(6)[2].Trial.Id, lease.ToLease().Trial.Id);
        long before = await CommitsAsync();
        _stores.Advance(TimeSpan.FromMilliseconds(50));
        Assert.Equal((int)ReportAnswer.Accepted, await DoAsync(one, new CompleteOperation(Report(lease))));
        Assert.InRange(await CommitsAsync() - before, 1, MaxCommits);
        Assert.False(one.HasUnwritten);
        Assert.Equal((3, 0, 3), await CountsAsync());
        AttemptRecord attempt = Assert.Single((await _sql.TrialAsync(_sweepId, lease.TrialId, None))!.Attempts);
        Assert.Equal((1, "a", AttemptOutcome.Completed), (attempt.Attempt, attempt.Silo, attempt.Outcome));
        Assert.True(attempt.Ended - attempt.Started >= TimeSpan.FromMilliseconds(50), $"{attempt.Started} to {attempt.Ended}");

        // The same report again, as if its answer had been lost.
        Assert.Equal((int)ReportAnswer.Accepted, await DoAsync(one, new CompleteOperation(Report(lease))));
        Assert.Equal((3, 0, 3), await CountsAsync());
    }

    [Fact]
    public async Task CommitAsync_WhenALeaseHasStoodInNoRowForLong_WritesIt()
    {
        SweepTransaction one = new(_sweepId, Unwritten);
        WireLease lease = await PromiseAsync(one);
        await DoAsync(one, new FlushOperation());
        Assert.True(one.HasUnwritten);
        _stores.Advance(TimeSpan.FromMilliseconds(200));
        await DoAsync(one, new FlushOperation());
        Assert.False(one.HasUnwritten);
        Assert.Equal((3, 1, 2), await CountsAsync());
        Assert.Equal(new[] { (int)HeartbeatAnswer.Renewed }, await DoAsync(one, new HeartbeatOperation("a", [Progress(lease)])));
        Assert.Equal((int)ReportAnswer.Accepted, await DoAsync(one, new CompleteOperation(Report(lease))));
    }

    [Fact]
    public async Task CommitAsync_WhenTheStoreIsReadAgain_KeepsWhatIsUnwritten()
    {
        SweepTransaction one = new(_sweepId, Unwritten);
        WireLease lease = await PromiseAsync(one);
        one.Doubt();
        Assert.Equal(new[] { (int)HeartbeatAnswer.Renewed }, await DoAsync(one, new HeartbeatOperation("a", [Progress(lease)])));
        Assert.DoesNotContain(lease.TrialId, (await TakeAsync(one, 2, 9)).Select(l => l.TrialId));
        Assert.Equal((int)ReportAnswer.Accepted, await DoAsync(one, new CompleteOperation(Report(lease))));
    }

    [Fact]
    public async Task CommitAsync_WhenAnotherActivationGaveTheTrialAway_ForgetsWhatIsUnwritten()
    {
        SweepTransaction one = new(_sweepId, Unwritten);
        WireLease lease = await PromiseAsync(one);
        SweepTransaction two = new(_sweepId, Unwritten);
        WireLease other = (await TakeAsync(two, 2, 9)).Single(l => l.TrialId == lease.TrialId);
        Assert.Equal((int)ReportAnswer.Stale, await DoAsync(one, new CompleteOperation(Report(lease))));
        Assert.Equal(new[] { (int)HeartbeatAnswer.Lost }, await DoAsync(one, new HeartbeatOperation("a", [Progress(lease)])));
        Assert.False(one.HasUnwritten);
        Assert.Equal((int)ReportAnswer.Accepted, await DoAsync(one, new CompleteOperation(Report(other))));
        AttemptRecord attempt = Assert.Single((await _sql.TrialAsync(_sweepId, lease.TrialId, None))!.Attempts);
        Assert.Equal("b", attempt.Silo);
    }

    [Fact]
    public async Task CatchUp_WhenAnOperatorCancelsWhatIsUnwritten_TellsItsSilo()
    {
        SweepTransaction one = new(_sweepId, Unwritten);
        WireLease lease = await PromiseAsync(one);
        await _sql.WriteAsync(OperatorRequest.Cancel(_sweepId), None);
        await DoAsync(one, one.CatchUp());
        Assert.False(one.HasUnwritten);
        Assert.Equal(new[] { (int)HeartbeatAnswer.Cancelled }, await DoAsync(one, new HeartbeatOperation("a", [Progress(lease)])));
        Assert.Equal((int)ReportAnswer.Accepted, await DoAsync(one, new CompleteOperation(Report(lease))));
        Assert.Equal((0, 0, 3), await CountsAsync());
    }

    [Fact]
    public async Task InStore_WhenAnUnwrittenAttemptFails_CountsItAndWritesTheNextLeaseFirst()
    {
        SweepTransaction one = new(_sweepId, Unwritten);
        WireLease lease = await PromiseAsync(one);
        WireReport failed = Report(lease) with { Outcome = (int)AttemptOutcome.Failed, Message = "NaN", Result = null };
        Assert.Equal((int)ReportAnswer.Accepted, await DoAsync(one, one.InStore(failed)));
        Assert.Equal((4, 0, 2), await CountsAsync());
        WireLease again = (await TakeAsync(one, 2, 9)).Single(l => l.TrialId == lease.TrialId);
        Assert.Equal(2, again.Attempt);
        Assert.False(one.HasUnwritten);
    }

    [Fact]
    public async Task CommitAsync_OfALeaseForTheGrainsOwnSilo_WritesItFirst()
    {
        // A trial that kills its process would take the only one with it that knows of the attempt.
        SweepTransaction one = new(_sweepId, Unwritten, host: "a");
        await PromiseAsync(one);
        Assert.False(one.HasUnwritten);
        Assert.Equal((3, 1, 2), await CountsAsync());
    }

    /// <summary>Two results, with a lease for each: when the second is given, the store's specs are known.</summary>
    private async Task<WireLease> PromiseAsync(SweepTransaction transaction)
    {
        WireLease[] leases = await TakeAsync(transaction, 1, 1);
        for (int i = 0; i < 2; i++)
        {
            (CompleteOperation[] completes, NextOperation next) = Reported(leases, 1);
            await transaction.CommitAsync(Store, [.. completes, next]);
            leases = next.Answer;
        }

        return Assert.Single(leases);
    }

    private async Task<(int Queued, int Running, int Completed)> CountsAsync() =>
        await _sql.FindAsync(_sweepId, None) is { } summary ? (summary.Queued, summary.Running, summary.Completed) : default;
}
