using Sweep.Grains.Coordination;

namespace Sweep.Silo;

/// <summary>
/// One for all attempts of a silo: renews their leases, says how far they are, and stops those that are to end. Says too that the silo lives.
/// </summary>
/// <param name="attempts">Those that run now.</param>
internal sealed class Heartbeats(
    IWorkSource coordinator, SiloOptions options, ISiloObserver observer, Func<IEnumerable<RunningAttempt>> attempts, TimeProvider time)
{
    private readonly RepeatedTrouble _trouble = new(observer.Warning);

    /// <summary>Until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            TimeSpan every = options.HeartbeatEvery < options.SeenEvery ? options.HeartbeatEvery : options.SeenEvery;
            long renewed = time.GetTimestamp();
            while (true)
            {
                await Task.Delay(every, time, cancellationToken);

                // Long leases needn't be renewed as often as operators want to know that the silo lives.
                bool renew = time.GetElapsedTime(renewed) >= options.HeartbeatEvery;
                renewed = renew ? time.GetTimestamp() : renewed;
                await RenewAsync(renew ? [.. attempts()] : [], cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The silo is done.
        }
    }

    private async Task RenewAsync(RunningAttempt[] running, CancellationToken cancellationToken)
    {
        try
        {
            LeaseProgress[] progress = [.. running.Select(a => a.Progress.Snapshot())];
            IReadOnlyList<HeartbeatAnswer> answers =
                await coordinator.HeartbeatAsync(options.Id, progress, cancellationToken);
            for (int i = 0; i < running.Length; i++)
            {
                if (answers[i] != HeartbeatAnswer.Renewed)
                    running[i].Stop(answers[i]);
            }

            _trouble.IsOver();
        }
        catch (StoreException failure)
        {
            observer.StoreUnreachable(failure.Message, options.HeartbeatEvery);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            // Any exception: without heartbeats every lease is lost.
            _trouble.Is($"heartbeat: {Unforeseen.Describe(failure)}; trying again every {options.HeartbeatEvery.TotalSeconds:0.#} s");
        }
    }
}
