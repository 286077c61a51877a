using Microsoft.Extensions.Hosting;
using Orleans.Concurrency;
using Sweep.Grains.Orleans.Shells;
using Sweep.Grains.Orleans.Wire;

namespace Sweep.Grains.Orleans.News;

/// <summary>See <see cref="INewsGrain"/>; what it does is <see cref="NewsShell"/>'s. Reentrant: all silos wait at once.</summary>
/// <param name="process">Whose end nobody is kept waiting for.</param>
[Reentrant]
public sealed class NewsGrain(StoreHub hub, TimeProvider time, IHostApplicationLifetime process) : Grain, INewsGrain, IAsyncDisposable
{
    private NewsShell? _shell;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        string key = this.GetPrimaryKeyString();
        IGrainFactory grains = GrainFactory;
        _shell = new NewsShell(
            hub.Get(key).Store, () => grains.GetGrain<IDispatchGrain>(key).CatchUpAsync(),
            sweep => grains.GetGrain<ISweepGrain>(GrainKeys.Sweep(key, sweep)).ChangedAsync().Ignore(), Guid.NewGuid(), time);
        _shell.Start();
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync() => _shell?.DisposeAsync() ?? ValueTask.CompletedTask;

    public Task<WireAnnounced> WaitAsync(WireAnnounced? since, TimeSpan atMost) => _shell!.WaitAsync(since, atMost, process.ApplicationStopping);
}
