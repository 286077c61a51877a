using Sweep.Grains.Coordination;

namespace Sweep.Silo.Telemetry;

/// <summary>
/// Asks the store now and then whether a silo is quarantined, and shows it as <c>sweep.silo.quarantined</c>: a quarantined silo itself only sees that there is
/// no work.
/// </summary>
public sealed class QuarantineWatch : IAsyncDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;
    private volatile bool _quarantined;

    public QuarantineWatch(IWorkerReader reader, string silo, Instruments instruments, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(instruments);
        instruments.Meter.CreateObservableUpDownCounter(
            "sweep.silo.quarantined",
            () => _quarantined ? 1 : 0,
            "{silo}",
            "1 while this silo is quarantined: its attempts kept failing where others' succeed.");
        _loop = WatchAsync(reader, silo, time);
    }

    private async Task WatchAsync(IWorkerReader reader, string silo, TimeProvider time)
    {
        using var timer = new PeriodicTimer(Every, time);
        try
        {
            do
            {
                try
                {
                    _quarantined = (await reader.SilosAsync(_stop.Token).ConfigureAwait(false)).Any(s => s.Id == silo && s.Quarantined is not null);
                }
                catch (Exception) when (!_stop.IsCancellationRequested)
                {
                    // The heartbeat says what the matter is; the last answer stands.
                }
            }
            while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The silo is done.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(false);
        _stop.Dispose();
    }
}
