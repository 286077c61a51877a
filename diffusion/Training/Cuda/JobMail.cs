using System.Collections.Concurrent;

namespace Sweep.Diffusion.Training.Cuda;

/// <summary>Carries what a packing thread has to say about the jobs of one call to the thread that made the call, which tells its observer: an observer that is slow (it writes checkpoints) keeps no GPU waiting.</summary>
internal sealed class JobMail(ITrainingObserver observer, int jobs, CancellationToken end) : ITrainingObserver, IDisposable
{
    private readonly BlockingCollection<Action> _letters = [];
    private readonly bool[] _checkpointUnderWay = new bool[jobs];
    private int _running = jobs;

    public void OnLoss(int job, LossPoint point) => _letters.Add(() => observer.OnLoss(job, point), CancellationToken.None);

    public void OnSnapshot(int job, int step, Networks.TrainedNetwork network) => _letters.Add(() => observer.OnSnapshot(job, step, network), CancellationToken.None);

    /// <summary>Not asked again while a checkpoint waits to be taken, except for the last word of a run that is ended.</summary>
    public bool WantsCheckpoint(int job, int step) => (end.IsCancellationRequested || !Volatile.Read(ref _checkpointUnderWay[job])) && observer.WantsCheckpoint(job, step);

    public void OnCheckpoint(int job, int step, byte[] checkpoint)
    {
        Volatile.Write(ref _checkpointUnderWay[job], true);
        _letters.Add(
            () =>
            {
                observer.OnCheckpoint(job, step, checkpoint);
                Volatile.Write(ref _checkpointUnderWay[job], false);
            },
            CancellationToken.None);
    }

    /// <summary>A job has ended: after the last one, <see cref="Deliver"/> returns.</summary>
    public void Ended()
    {
        if (Interlocked.Decrement(ref _running) == 0)
            _letters.CompleteAdding();
    }

    /// <summary>Reads to the observer until all jobs have ended. Returns what it threw, after which it is told nothing more and <paramref name="stop"/> ends the jobs.</summary>
    public Exception? Deliver(CancellationTokenSource stop)
    {
        Exception? thrown = null;
        foreach (var letter in _letters.GetConsumingEnumerable(CancellationToken.None))
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

    public void Dispose() => _letters.Dispose();
}
