using System.Globalization;
using Sweep.Grains.Coordination;
using Sweep.Grains.Orleans;
using Sweep.Tests.Grains.Coordination;
using Xunit;

namespace Sweep.Tests.Orleans;

/// <summary>The store is a list of calls, each answered when the test says so.</summary>
public sealed class ReportGroupsTests
{
    private static readonly LeaseRequest One = new("a", 1);

    private readonly List<(IReadOnlyList<FinishedTrial> Finished, LeaseRequest Next, TaskCompletionSource<QuickAnswer> Answer)> _calls = [];
    private readonly List<Lease> _givenBack = [];
    private readonly ReportGroups _groups;

    public ReportGroupsTests() => _groups = new ReportGroups(
        (finished, next) =>
        {
            _calls.Add((finished, next, new TaskCompletionSource<QuickAnswer>()));
            return _calls[^1].Answer.Task;
        },
        lease =>
        {
            _givenBack.Add(lease);
            return Task.CompletedTask;
        });

    [Fact]
    public async Task CallAsync_WhileACallIsUnderWay_GoTogetherInTheNextAndGetTheirOwnParts()
    {
        Task<QuickAnswer> first = Report(1);
        Task<QuickAnswer> second = Report(2);
        Task<QuickAnswer> third = _groups.CallAsync([Finished(3), Finished(4)], One with { Most = 2 }, TestContext.Current.CancellationToken);

        Assert.Single(_calls);
        _calls[0].Answer.SetResult(new([true], [Lease(11)]));
        Assert.Equal(["11"], Leased(await first));

        Assert.Equal(2, _calls.Count);
        Assert.Equal(["2", "3", "4"], _calls[1].Finished.Select(f => f.Lease.Trial.Id));
        Assert.Equal(One with { Most = 3 }, _calls[1].Next);
        _calls[1].Answer.SetResult(new([true, false, true], [Lease(12), Lease(13)]));
        Assert.Equal([true], (await second).Accepted);
        Assert.Equal(["12"], Leased(await second));
        Assert.Equal([false, true], (await third).Accepted);
        Assert.Equal(["13"], Leased(await third));
        Assert.Equal(2, _calls.Count);

        // All is quiet again: nobody waits for company.
        _ = Report(5);
        Assert.Equal(3, _calls.Count);
    }

    [Fact]
    public void CallAsync_OfAnotherSiloSweepOrFolder_DoesNotWait()
    {
        _ = Report(1);
        _ = _groups.CallAsync([Finished(2, holder: 8)], One, TestContext.Current.CancellationToken);
        _ = _groups.CallAsync([Finished(3)], One with { SweepId = "s" }, TestContext.Current.CancellationToken);
        _ = _groups.CallAsync([Finished(4)], One with { About = new SiloFacts("cpu", 1, Abilities.None) }, TestContext.Current.CancellationToken);

        Assert.Equal(4, _calls.Count);
    }

    [Fact]
    public async Task CallAsync_WhenTheCallFails_FailsForAllOfItsCallersAndNoOthers()
    {
        Task<QuickAnswer> first = Report(1);
        Task<QuickAnswer>[] together = [Report(2), Report(3)];
        _calls[0].Answer.SetResult(new([true], []));
        await first;

        _calls[1].Answer.SetException(new StoreException("gone"));

        foreach (Task<QuickAnswer> one in together)
            await Assert.ThrowsAsync<StoreException>(() => one);
        Task<QuickAnswer> later = Report(4);
        _calls[2].Answer.SetResult(new([true], []));
        Assert.Equal([true], (await later).Accepted);
    }

    [Fact]
    public async Task CallAsync_WhenCancelledWhileUnderWay_GivesItsLeaseBack()
    {
        using var stop = new CancellationTokenSource();
        Task<QuickAnswer> call = _groups.CallAsync([Finished(1)], One, stop.Token);

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        _calls[0].Answer.SetResult(new([true], [Lease(11)]));

        Assert.Equal(["11"], _givenBack.Select(lease => lease.Trial.Id));
    }

    [Fact]
    public async Task CallAsync_WhenCancelledWhileItWaits_StaysBehind()
    {
        Task<QuickAnswer> first = Report(1);
        using var stop = new CancellationTokenSource();
        Task<QuickAnswer> waiting = _groups.CallAsync([Finished(2)], One, stop.Token);
        Task<QuickAnswer> other = Report(3);

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        _calls[0].Answer.SetResult(new([true], []));
        await first;
        _calls[1].Answer.SetResult(new([true], []));

        await other;
        Assert.Equal(["3"], _calls[1].Finished.Select(f => f.Lease.Trial.Id));
        Assert.Empty(_givenBack);
    }

    [Fact]
    public async Task CallAsync_WhenVeryManyWait_SendsThemInBoundedCalls()
    {
        Task<QuickAnswer> first = Report(0);
        Task<QuickAnswer>[] many = [.. Enumerable.Range(1, 100).Select(Report)];
        _calls[0].Answer.SetResult(new([true], []));
        await first;
        for (int call = 1; call < _calls.Count; call++)
            _calls[call].Answer.SetResult(new([.. _calls[call].Finished.Select(_ => true)], []));

        await Task.WhenAll(many);
        Assert.InRange(_calls.Max(c => c.Finished.Count), 2, 32);
        Assert.Equal(Enumerable.Range(0, 101).Select(i => i.ToString(CultureInfo.InvariantCulture)), _calls.SelectMany(c => c.Finished).Select(f => f.Lease.Trial.Id));
    }

    private static IEnumerable<string> Leased(QuickAnswer answer) => answer.Leases.Select(lease => lease.Trial.Id);

    private static FinishedTrial Finished(int number, long holder = 7) => new(Lease(number) with { Holder = holder }, Samples.Result());

    private static Lease Lease(int number) => new()
    {
        SweepId = "s",
        Trial = Samples.Trial(number) with { Id = number.ToString(CultureInfo.InvariantCulture) },
        Attempt = 1,
        FencingToken = 1,
        Holder = 7,
        Expires = DateTimeOffset.UnixEpoch,
    };

    private Task<QuickAnswer> Report(int number) => _groups.CallAsync([Finished(number)], One, TestContext.Current.CancellationToken);
}
