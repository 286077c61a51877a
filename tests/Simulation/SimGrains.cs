using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Sweep.Grains.Orleans;
using Sweep.Grains.Orleans.Attempts;
using Sweep.Grains.Orleans.News;
using Sweep.Grains.Orleans.Shells;
using Sweep.Grains.Orleans.Wire;

namespace Sweep.Tests.Simulation;

/// <summary>The grains as a silo sees them: every call goes through the network.</summary>
[SuppressMessage("Performance", "CA1852:Seal internal types", Justification = "DispatchProxy derives from it.")]
internal class SimGrains : DispatchProxy
{
    private SimSilo _silo = null!;
    private SimNetwork _network = null!;

    public static IGrainFactory Of(SimSilo silo, SimNetwork network)
    {
        IGrainFactory factory = Create<IGrainFactory, SimGrains>();
        ((SimGrains)factory)._silo = silo;
        ((SimGrains)factory)._network = network;
        return factory;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        Type wanted = targetMethod!.GetGenericArguments()[0];
        string key = (string)args![0]!;
        return wanted == typeof(ISweepGrain) ? new SweepGrain(_silo, _network, key)
            : wanted == typeof(IDispatchGrain) ? new DispatchGrain(_silo, _network, key)
            : wanted == typeof(INewsGrain) ? new NewsGrain(_silo, _network, key)
            : wanted == typeof(ITrialGrain) ? new TrialGrain(_silo, _network, key)
            : throw new NotSupportedException($"{wanted.Name} isn't simulated");
    }

    private sealed class SweepGrain(SimSilo silo, SimNetwork network, string key) : ISweepGrain
    {
        public Task<WireHead> HeadAsync(WireTake wanted) => Call("head", s => s.HeadAsync(wanted));

        public Task<WireLease[]> TakeAsync(WireTake wanted) => Call("take", s => s.TakeAsync(wanted));

        public Task CatchUpAsync() => Call("catch up", s => s.CatchUpAsync());

        public Task RevokeAsync(long[] silos) => Call("revoke", s => s.RevokeAsync(silos));

        public Task<int[]> HeartbeatAsync(string name, WireProgress[] progress) => Call("heartbeat", s => s.HeartbeatAsync(name, progress));

        public Task<int> ReportAsync(WireReport report) => Call("report", s => s.ReportAsync(report));

        public Task<WireReported> ReportAndTakeAsync(WireReport[] reports, WireLeaseRequest next) =>
            Call("report and take", s => s.ReportAndTakeAsync(reports, next));

        public Task ChangedAsync() => Call("changed", s =>
        {
            s.Changed();
            return Task.CompletedTask;
        });

        public Task TellAggregatorAsync() => throw new NotSupportedException("aggregators aren't simulated");

        private Task<bool> Call(string method, Func<SweepShell, Task> call) => Call(method, async s =>
        {
            await call(s);
            return true;
        });

        private Task<T> Call<T>(string method, Func<SweepShell, Task<T>> call) =>
            network.CallAsync(silo, $"sweep {key}", method, on => on.Sweep(GrainKeys.Split(key).Of), a => call(a.Sweep));
    }

    private sealed class DispatchGrain(SimSilo silo, SimNetwork network, string key) : IDispatchGrain
    {
        public Task<WireLease[]> LeaseAsync(WireLeaseRequest request) => Call("lease", d => d.LeaseAsync(request));

        public Task SeenAsync(string name) => Call("seen", d => d.SeenAsync(name));

        public Task DeclaredDeadAsync(string[] dead, string[] living) => Call("declared dead", d => d.DeclaredDeadAsync(dead, living));

        public Task CatchUpAsync() => Call("catch up", d => d.CatchUpAsync());

        private Task<bool> Call(string method, Func<DispatchShell, Task> call) => Call(method, async d =>
        {
            await call(d);
            return true;
        });

        private Task<T> Call<T>(string method, Func<DispatchShell, Task<T>> call) =>
            network.CallAsync(silo, $"dispatch {key}", method, on => on.Dispatch(), a => call(a.Dispatch));
    }

    private sealed class NewsGrain(SimSilo silo, SimNetwork network, string key) : INewsGrain
    {
        public Task<WireAnnounced> WaitAsync(WireAnnounced? since, TimeSpan atMost) =>
            network.CallAsync(silo, $"news {key}", "wait", on => on.News(), a => a.News.WaitAsync(since, atMost, CancellationToken.None));
    }

    private sealed class TrialGrain(SimSilo silo, SimNetwork network, string key) : ITrialGrain
    {
        public Task BeginAsync(WireAttempt attempt) => Call("begin", a =>
        {
            a.Trial.Begin(attempt);
            return Task.FromResult(true);
        });

        public Task<WireSeen> ProgressAsync(WireLive live) => Call("progress", a => Task.FromResult(a.Trial.Progress(live)));

        public Task<int> ReportAsync(WireReport report) => Call("trial report", a => LastAsync(a, () => a.Trial.ReportAsync(report)));

        public Task<WireReported> CompleteAsync(WireReport report, WireLeaseRequest next) =>
            Call("complete", a => LastAsync(a, () => a.Trial.CompleteAsync(report, next)));

        public Task<WireTrial> StateAsync() => Call("state", a => a.Trial.StateAsync());

        public IAsyncEnumerable<WireNews> FollowAsync(WireSeen seen, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException("streams aren't simulated");

        // Each silo has its own.
        private string Name => $"trial {key} of {silo.Name}";

        private Task<T> LastAsync<T>(SimActivation activation, Func<Task<T>> call) => activation.InTurnAsync(async () =>
        {
            T result = await call();
            network.Forget(Name, activation);
            return result;
        });

        private Task<T> Call<T>(string method, Func<SimActivation, Task<T>> call) =>
            network.CallAsync(silo, Name, method, on => on.Trial(GrainKeys.Split(key).Of), call, stays: true);
    }
}
