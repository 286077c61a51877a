using Orleans.Concurrency;
using Orleans.Placement;
using Sweep.Grains.Orleans.Wire;

namespace Sweep.Grains.Orleans.Fits;

/// <summary>
/// See <see cref="IFitGrain"/>. Reentrant: many wait in <see cref="AskAsync"/> while one makes it. Placed where it is asked for first, which is the silo that
/// makes it. Leaves memory when nobody has asked for a while; silos have the fits they use.
/// </summary>
[Reentrant]
[PreferLocalPlacement]
public sealed class FitGrain(StoreHub hub, TimeProvider time) : Grain, IFitGrain
{
    /// <summary>How long a question is held at most: well below the time after which Orleans gives up a call.</summary>
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(5);

    private TimeSpan _patience;
    private byte[]? _fit;
    private string? _maker;
    private long _lastHeartbeat;
    private TaskCompletionSource _news = New();

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _patience = FitTimeout.Of(hub.Get(GrainKeys.Split(this.GetPrimaryKeyString()).Store).Options);
        return Task.CompletedTask;
    }

    public async Task<WireFit> AskAsync(string asker)
    {
        long asked = time.GetTimestamp();
        while (true)
        {
            if (_fit is not null)
                return new WireFit { Fit = _fit };
            TimeSpan silent = time.GetElapsedTime(_lastHeartbeat);
            if (_maker is null || _maker == asker || silent >= _patience)
            {
                (_maker, _lastHeartbeat) = (asker, time.GetTimestamp());
                return new WireFit { Make = true };
            }

            TimeSpan left = LongestAnswer - time.GetElapsedTime(asked);
            if (left <= TimeSpan.Zero)
                return new WireFit();
            using var enough = new CancellationTokenSource();
            TimeSpan wait = left < _patience - silent ? left : _patience - silent;
            await Task.WhenAny(_news.Task, Task.Delay(wait, time, enough.Token));
            await enough.CancelAsync();
        }
    }

    public Task MakingAsync(string asker)
    {
        if (_maker == asker)
            _lastHeartbeat = time.GetTimestamp();
        return Task.CompletedTask;
    }

    public Task MadeAsync(byte[] fit)
    {
        _fit = fit;
        Tell();
        return Task.CompletedTask;
    }

    public Task GaveUpAsync(string asker)
    {
        if (_maker != asker)
            return Task.CompletedTask;
        _maker = null;
        Tell();
        return Task.CompletedTask;
    }

    private void Tell()
    {
        _news.TrySetResult();
        _news = New();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
