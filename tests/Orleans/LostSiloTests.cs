using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Sweep.Diffusion.Preprocessing;
using Sweep.Grains.Coordination;
using Sweep.Grains.Orleans;
using Sweep.Grains.Orleans.Attempts;
using Sweep.Grains.Orleans.Fits;
using Sweep.Grains.Orleans.Wire;
using Sweep.Grains.Storage.Postgres;
using Sweep.Silo.Orleans;
using Sweep.Tests.Grains.Coordination;
using Sweep.Tests.Grains.Storage;
using Xunit;

namespace Sweep.Tests.Orleans;

/// <summary>What grains on a silo held when it went, seen from the one that is left. A cluster of its own, of two silos.</summary>
public sealed class LostSiloTests(PostgresServer server) : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly CoordinatorOptions Quick = new() { LeaseDuration = TimeSpan.FromSeconds(3) };

    private readonly List<IHost> _silos = [];
    private PostgresTestStore _store = null!;

    public async ValueTask InitializeAsync()
    {
        _store = new PostgresTestStore(server);
        var hub = new StoreHub();
        hub.Add(_store.Schema, _store.Open(Quick));
        int first = OrleansHost.FreePort();
        var key = new KeyRing(ClusterKey.Make());
        foreach (int port in new[] { first, OrleansHost.FreePort() })
        {
            _silos.Add(OrleansHost.LocalSilo(key, hub, port, OrleansHost.FreePort(), first, Quick.LeaseDuration));
            await _silos[^1].StartAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (IHost silo in Enumerable.Reverse(_silos))
            await EndAsync(silo);
        if (_store is not null)
            await _store.DisposeAsync();
    }

    [Fact]
    public async Task Get_WhenTheSiloThatFitsIsLost_FitsOnAnother()
    {
        using var fitting = new ManualResetEventSlim();
        using var goOn = new ManualResetEventSlim();
        Task<IFittedPreprocessing> lost = Task.Factory.StartNew(
            () => Fits(1).Get("lost", () =>
            {
                fitting.Set();
                goOn.Wait(TimeSpan.FromMinutes(1));
                return Fit();
            }),
            None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Assert.True(fitting.Wait(TimeSpan.FromSeconds(30)), "the first silo did not begin to fit");
        await EndAsync(_silos[1]);
        int made = 0;
        await Task.Run(() => Fits(0).Get("lost", () =>
        {
            made++;
            return Fit();
        })).WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(1, made);

        // The lost one's own thread comes to its end too, with a fit that nobody asks it for.
        goOn.Set();
        Assert.NotNull(await lost);
    }

    [Fact]
    public async Task StateAsync_WhenTheTrialsSiloIsLost_SaysWhatTheStoreSays()
    {
        string sweepId = Samples.Sweep("ring").Id;
        OrleansCoordinator left = Coordinator(0);
        OrleansCoordinator lost = Coordinator(1);
        await left.SubmitAsync(Samples.Sweep("ring"), Samples.Trials(1), None);
        Lease lease = Assert.Single(await lost.LeaseAsync(new LeaseRequest("lost", 1), None));
        ITrialGrain there = Grains(1).GetGrain<ITrialGrain>(GrainKeys.Trial(_store.Schema, sweepId, lease.Trial.Id));
        await there.ProgressAsync(new WireLive
        {
            FencingToken = 1, Silo = "lost", Phase = "train", Fraction = 0.5, Curves = new WireCurves { Steps = [20], Losses = [0.5f] },
        });
        for (int tries = 0; (await there.StateAsync()).Losses.Length == 0; tries++)
        {
            Assert.True(tries < 500, "what was told one-way did not arrive within 10 s");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        await EndAsync(_silos[1]);
        WireTrial state = await AskAsync(() => left.LiveAsync(sweepId, lease.Trial.Id, None));
        Assert.Equal(((int)TrialStatus.Running, 0), (state.State, state.Losses.Length));
        _store.Advance(TimeSpan.FromSeconds(4));
        Lease next = Assert.Single(await AskAsync(() => left.LeaseAsync(new LeaseRequest("left", 1), None)));
        Assert.Equal(2, next.Attempt);
        state = await AskAsync(() => left.LiveAsync(sweepId, lease.Trial.Id, None));
        Assert.Equal([(int)AttemptOutcome.Lost, (int)AttemptOutcome.Running], state.Attempts.Select(a => a.Outcome));
        Assert.Equal(ReportAnswer.Accepted, await AskAsync(() => left.CompleteAsync(next, Samples.Result(), None)));
    }

    private IGrainFactory Grains(int silo) => _silos[silo].Services.GetRequiredService<IGrainFactory>();

    private OrleansCoordinator Coordinator(int silo) => new(() => Grains(silo), _store.Schema, _store.Open(Quick), TimeProvider.System);

    private ClusterFits Fits(int silo) => new(() => Grains(silo), _store.Schema, $"silo{silo}", FitTimeout.Of(Quick), TimeProvider.System);

    private static IFittedPreprocessing Fit() => FitGrainTests.Fit();

    /// <summary>Until the cluster has noticed who is gone: as a worker does.</summary>
    private static async Task<T> AskAsync<T>(Func<Task<T>> call)
    {
        for (int tries = 0; ; tries++)
        {
            try
            {
                return await call();
            }
            catch (StoreException) when (tries < 100)
            {
                await Task.Delay(200, TestContext.Current.CancellationToken);
            }
        }
    }

    /// <summary>Not in good order.</summary>
    private static async Task EndAsync(IHost silo)
    {
        try
        {
            await silo.StopAsync(new CancellationToken(canceled: true));
        }
        catch (OperationCanceledException)
        {
            // As asked for.
        }
    }
}
