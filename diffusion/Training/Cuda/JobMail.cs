using Sweep.Diffusion.Networks;

namespace Sweep.Diffusion.Training.Cuda;

/// <summary>
/// Carries what a packing thread has to say about the jobs of one call to the thread that made the call, which tells its observer: an observer that is slow (it
/// writes checkpoints) keeps no GPU waiting.
/// </summary>
/// <remarks>Nothing to dispose of: the packing thread may still be on its way out of <see cref="Ended"/> when the call has returned.</remarks>
internal sealed class JobMail(ITrainingObserver observer, int jobs, CancellationToken end) : ITrainingObserver
{
    private readonly Queue<Action> _letters = [];
    private readonly bool[] _checkpointUnderWay = new bool[jobs];
    private int _running = jobs;

    public void OnLoss(int job, LossPoint point) => Post(() => observer.OnLoss(job, point));

    public void OnSnapshot(int job, int step, Networks.TrainedNetwork network) => Post(() => observer.OnSnapshot(job, step, network));

    /// <summary>Not asked again while a checkpoint waits to be taken, except for the last word of a run that is ended.</summary>
    public bool WantsCheckpoint(int job, int step) =>
        (end.IsCancellationRequested || !Volatile.Read(ref _checkpointUnderWay[job])) && observer.WantsCheckpoint(job, step);

    public void OnCheckpoint(int job, int step, byte[] checkpoint)
    {
        Volatile.Write(ref _checkpointUnderWay[job], true);
        Post(() =>
        {
            observer.OnCheckpoint(job, step, checkpoint);
            Volatile.Write(ref _checkpointUnderWay[job], false);
        });
    }

    /// <summary>A job has ended: after the last one, <see cref="Deliver"/> returns.</summary>
    public void Ended()
    {
        lock (_letters)
        {
            _running--;
            Monitor.PulseAll(_letters);
        }
    }

    /// <summary>
    /// Reads to the observer until all jobs have ended. Returns what it threw, after which it is told nothing more and <paramref name="stop"/> ends the jobs.
    /// </summary>
    public Exception? Deliver(CancellationTokenSource stop)
    {
        Exception? thrown = null;
        while (Next() is { } letter)
        {
            if (thrown is not null)
                continue;
            try
            {
                letter();
            }
            catch (Exception e)
            {
                thrown = e;
                stop.Cancel();
            }
        }

        return thrown;
    }

    /// <summary>Waits for one; null when there will be none.</summary>
    private Action? Next()
    {
        lock (_letters)
        {
            while (_letters.Count == 0 && _running > 0)
                Monitor.Wait(_letters);
            return _letters.TryDequeue(out Action? letter) ? letter : null;
        }
    }

    private void Post(Action letter)
    {
        lock (_letters)
        {
            _letters.Enqueue(letter);
            Monitor.PulseAll(_letters);
        }
    }
}
