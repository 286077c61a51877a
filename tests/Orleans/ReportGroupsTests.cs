using System.Globalization;
using Sweep.Grains.Orleans;
using Sweep.Grains.Orleans.Wire;
using Xunit;

namespace Sweep.Tests.Orleans;

/// <summary>The sweep's grain is a list of calls, each answered when the test says so.</summary>
public sealed class ReportGroupsTests
{
    private static readonly WireLeaseRequest One = new() { Silo = "a", MaxTrials = 1 };

    private readonly List<(WireReport[] Reports, WireLeaseRequest Next, TaskCompletionSource<WireReported> Answer)> _calls = [];
    private readonly ReportGroups _groups = new();

    [Fact]
    public async Task CallAsync_WhileACallIsUnderWay_GoTogetherInTheNextAndGetTheirOwnParts()
    {
        Task<WireReported> first = Report(1);
        Task<WireReported> second = Report(2);
        Task<WireReported> third = Report(3, next: One with { MaxTrials = 0 });
        Task<WireReported> fourth = Report(4, next: One with { MaxTrials = 2 });

        Assert.Single(_calls);
        _calls[0].Answer.SetResult(Answer([1], 11));
        Assert.Equal(["11"], Leased(await first));

        Assert.Equal(2, _calls.Count);
        Assert.Equal(["2", "3", "4"], _calls[1].Reports.Select(r => r.TrialId));
        Assert.Equal(One with { MaxTrials = 3 }, _calls[1].Next);
        _calls[1].Answer.SetResult(Answer([1, 0, 1], 12, 13));
        Assert.Equal("1: 12", Words(await second));
        Assert.Equal("0: ", Words(await third));
        Assert.Equal("1: 13", Words(await fourth));
        Assert.Equal(2, _calls.Count);

        // All is quiet again: nobody waits for company.
        _ = Report(5);
        Assert.Equal(3, _calls.Count);
    }

    [Fact]
    public void CallAsync_OfAnotherSiloSweepOrFolder_DoesNotWait()
    {
        _ = Report(1);
        _ = Report(2, holder: 8);
        _ = Report(3, sweep: "t");
        _ = Report(4, next: One with { SweepId = "s" });
        _ = Report(5, next: One with { Devices = "cpu", Slots = 1 });

        Assert.Equal(5, _calls.Count);
    }

    [Fact]
    public async Task CallAsync_WhenTheCallFails_FailsForAllOfItsCallersAndNoOthers()
    {
        Task<WireReported> first = Report(1);
        Task<WireReported>[] together = [Report(2), Report(3)];
        _calls[0].Answer.SetResult(Answer([1]));
        await first;

        _calls[1].Answer.SetException(new EngineException(EngineFault.Store, "gone"));

        foreach (Task<WireReported> one in together)
            await Assert.ThrowsAsync<EngineException>(() => one);
        Task<WireReported> later = Report(4);
        _calls[2].Answer.SetResult(Answer([1]));
        Assert.Equal("1: ", Words(await later));
    }

    [Fact]
    public async Task CallAsync_WhenTheSiloHasJoinedAgain_GoesTheLatestWay()
    {
        List<string> ways = [];
        Task<WireReported> first = Report(1);
        Task<WireReported> second = _groups.CallAsync("s", Result(2), One, Way("before"));
        Task<WireReported> third = _groups.CallAsync("s", Result(3), One, Way("after"));
        _calls[0].Answer.SetResult(Answer([1]));
        await Task.WhenAll(first, second, third);
        Assert.Equal(["after"], ways);

        Func<WireReport[], WireLeaseRequest, Task<WireReported>> Way(string name) => (reports, _) =>
        {
            ways.Add(name);
            return Task.FromResult(Answer([.. reports.Select(_ => 1)]));
        };
    }

    [Fact]
    public async Task CallAsync_WhenVeryManyWait_SendsThemInBoundedCalls()
    {
        Task<WireReported> first = Report(0);
        Task<WireReported>[] many = [.. Enumerable.Range(1, 400).Select(number => Report(number))];
        _calls[0].Answer.SetResult(Answer([1]));
        await first;
        for (int call = 1; call < _calls.Count; call++)
            _calls[call].Answer.SetResult(Answer([.. _calls[call].Reports.Select(_ => 1)]));

        await Task.WhenAll(many);
        Assert.InRange(_calls.Max(c => c.Reports.Length), 2, 128);
        Assert.Equal(Enumerable.Range(0, 401).Select(i => i.ToString(CultureInfo.InvariantCulture)), _calls.SelectMany(c => c.Reports).Select(r => r.TrialId));
    }

    private static string Words(WireReported answer) => $"{string.Join(' ', answer.Answers)}: {string.Join(' ', Leased(answer))}";

    private static IEnumerable<string> Leased(WireReported answer) => answer.Leases.Select(lease => lease.TrialId);

    private static WireReported Answer(int[] answers, params int[] leases) => new()
    {
        Answers = answers,
        Leases = [.. leases.Select(number => new WireLease
        {
            SweepId = "s", Spec = "{}", Attempt = 1, FencingToken = 1, Holder = 7, Expires = 0, TrialId = number.ToString(CultureInfo.InvariantCulture),
        })],
    };

    private static WireReport Result(int number, long holder = 7) =>
        new() { TrialId = number.ToString(CultureInfo.InvariantCulture), FencingToken = 1, Holder = holder, Outcome = 1 };

    private Task<WireReported> Report(int number, long holder = 7, string sweep = "s", WireLeaseRequest? next = null) => _groups.CallAsync(
        sweep, Result(number, holder), next ?? One,
        (reports, wanted) =>
        {
            _calls.Add((reports, wanted, new TaskCompletionSource<WireReported>()));
            return _calls[^1].Answer.Task;
        });
}
