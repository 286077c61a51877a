using System.Reflection;
using Sweep.Grains.Orleans;
using Sweep.Grains.Orleans.Shells;
using Sweep.Grains.Orleans.Wire;
using Xunit;

namespace Sweep.Tests.Orleans;

/// <summary>One sweep's grain that fails, or doesn't answer, beside others that do.</summary>
public sealed class SweepCallsTests
{
    public static TheoryData<bool> Kinds => [true, false];

    /// <param name="hangs">Else it throws.</param>
    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task TakeAsync_WhenOneSweepCannotBeReached_GivesOfTheOthers(bool hangs)
    {
        SweepCalls calls = Calls(("bad", hangs ? Hang : Throw), ("good", Answer));
        WireLease lease = Assert.Single(await calls.TakeAsync(["bad", "good"], Take)
            .WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        Assert.Equal("good", lease.SweepId);
    }

    [Fact]
    public async Task TakeAsync_WhenOneFailsAsItLeases_GivesWhatTheOthersHaveLeased()
    {
        SweepCalls calls = Calls(("bad", method => method == nameof(ISweepGrain.HeadAsync) ? Task.FromResult(Head("bad")) : Throw(method)), ("good", Answer));
        Assert.Equal("good", Assert.Single(await calls.TakeAsync(["bad", "good"], Take with { MaxTrials = 2 })).SweepId);
    }

    [Fact]
    public async Task TakeAsync_WhenNoneCanBeReached_SaysWhy()
    {
        EngineException e = await Assert.ThrowsAsync<EngineException>(() => Calls(("bad", Throw)).TakeAsync(["bad"], Take));
        Assert.Equal("its silo is gone", e.Message);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task ExpireAndTellChanged_WhenOneSweepCannotBeReached_ReachTheOthers(bool hangs)
    {
        List<string> reached = [];
        Func<string, Task> note = method =>
        {
            reached.Add(method);
            return Task.CompletedTask;
        };
        SweepCalls calls = Calls(("bad", hangs ? Hang : Throw), ("good", note));
        await calls.CatchUpAsync(["bad", "good"]).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        await calls.TellChangedAsync(["bad", "good"]).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.Equal([nameof(ISweepGrain.CatchUpAsync), nameof(ISweepGrain.ChangedAsync)], reached);
    }

    [Fact]
    public async Task RevokeAsync_WhenOneSweepCannotBeReached_ReachesTheOthersAndSaysSo()
    {
        bool reached = false;
        SweepCalls calls = Calls(("bad", Throw), ("good", _ => Task.FromResult(reached = true)));
        await Assert.ThrowsAsync<EngineException>(() => calls.RevokeAsync(new[] { ("bad", 1L), ("good", 2L) }.GroupBy(s => s.Item1, s => s.Item2)));
        Assert.True(reached);
    }

    private static WireTake Take => new() { Silo = 1, MaxTrials = 1, FailedSince = long.MaxValue };

    private static WireHead Head(string sweep) =>
        new() { Candidates = [new WireCandidate { TrialId = $"of {sweep}", Cost = 1, Sweep = sweep.Length, Ordinal = 0, Suspect = false }],
            HoldsSuspect = false, Running = 0 };

    private static Task Throw(string method) => throw new InvalidOperationException("its silo is gone");

    private static Task Hang(string method) => method switch
    {
        nameof(ISweepGrain.HeadAsync) => new TaskCompletionSource<WireHead>().Task,
        nameof(ISweepGrain.TakeAsync) => new TaskCompletionSource<WireLease[]>().Task,
        _ => new TaskCompletionSource().Task,
    };

    private static Task Answer(string method) => method switch
    {
        nameof(ISweepGrain.HeadAsync) => Task.FromResult(Head("good")),
        _ => Task.FromResult(new WireLease[] { new() { SweepId = "good", TrialId = "of good", Spec = "{}", Attempt = 1, FencingToken = 1, Holder = 1,
            Expires = 0 } }),
    };

    private static SweepCalls Calls(params (string Sweep, Func<string, Task> Does)[] sweeps) => new(
        id => Grain.Doing(sweeps.Single(s => s.Sweep == id).Does), TimeProvider.System);

    /// <summary>A sweep's grain that does as it is told for each method's name. Public for its proxy.</summary>
    public class Grain : DispatchProxy
    {
        private Func<string, Task> _does = _ => Task.CompletedTask;

        public static ISweepGrain Doing(Func<string, Task> does)
        {
            ISweepGrain grain = Create<ISweepGrain, Grain>();
            ((Grain)(object)grain)._does = does;
            return grain;
        }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => _does(targetMethod!.Name);
    }
}
