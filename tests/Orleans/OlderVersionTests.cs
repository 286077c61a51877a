using System.Reflection;
using Sweep.Grains.Coordination;
using Sweep.Grains.Orleans;
using Sweep.Tests.Grains.Coordination;
using Xunit;

namespace Sweep.Tests.Orleans;

/// <summary>A sweep's grain on a silo of an older version, which doesn't know every call. Two real versions were rehearsed by hand (docs/orleans.md).</summary>
public sealed class OlderVersionTests(PostgresServer server, OrleansCluster cluster) : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;

    private OrleansTestStore _stores = null!;

    public ValueTask InitializeAsync()
    {
        _stores = new OrleansTestStore(server, cluster);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        if (_stores is not null)
            await _stores.DisposeAsync();
    }

    [Fact]
    public async Task CompleteAndLeaseAsync_WhenTheSweepsGrainDoesNotKnowTheCall_DoesTheSameInCallsThatItKnows()
    {
        _stores.Connect();
        int vain = 0;
        var coordinator = new OrleansCoordinator(
            () => Older<IGrainFactory>.Of(cluster.Grains(0), () => Interlocked.Increment(ref vain)), _stores.Schema, _stores.Sql(), TimeProvider.System);
        await coordinator.SubmitAsync(Samples.Sweep("ring"), Samples.Trials(4), None);
        Lease lease = Assert.Single(await coordinator.LeaseAsync(new LeaseRequest("a", 1), None));
        for (int i = 0; i < 3; i++)
        {
            CompletedAndLeased both = await coordinator.CompleteAndLeaseAsync([new FinishedTrial(lease, Samples.Result())], new LeaseRequest("a", 1), None);
            Assert.Equal([ReportAnswer.Accepted], both.Answers);
            lease = Assert.Single(both.Leases);
        }

        Assert.Equal(1, vain);
        SweepSummary summary = (await coordinator.FindAsync(lease.SweepId, None))!;
        Assert.Equal((0, 1, 3), (summary.Queued, summary.Running, summary.Completed));
    }

#pragma warning disable CA1852 // the proxy is a subclass of it, made when it runs
    /// <summary>Passes every call on but the one that came later, which fails as it does on a silo that can't read it.</summary>
    private class Older<T> : DispatchProxy
        where T : class
#pragma warning restore CA1852
    {
        private T _inner = null!;
        private Action _vain = null!;

        public static T Of(T inner, Action vain)
        {
            T proxy = Create<T, Older<T>>();
            var older = (Older<T>)(object)proxy;
            (older._inner, older._vain) = (inner, vain);
            return proxy;
        }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            if (targetMethod!.Name == nameof(ISweepGrain.ReportAndTakeAsync))
            {
                _vain();
                return Task.FromException<Sweep.Grains.Orleans.Wire.WireReported>(new TypeLoadException("Unable to resolve type alias"));
            }

            object? result = targetMethod.Invoke(_inner, args);
            return result is ISweepGrain sweep ? Older<ISweepGrain>.Of(sweep, _vain) : result;
        }
    }
}
