using System.Collections.Concurrent;
using System.Diagnostics;
using Sweep.Grains.Coordination;
using Sweep.Silo;

namespace Sweep.Bench.Cluster;

/// <summary>
/// Trials that sleep for half to one and a half of a time, no two slots in step. Measures how long a slot is free: from the end of a trial to the beginning of
/// the next, whichever that is, the slot that has been free for the longest first.
/// </summary>
internal sealed class SleepingRunner(int milliseconds) : ITrialRunner
{
    /// <summary>When the trials ended whose slots are free.</summary>
    private readonly ConcurrentQueue<long> _free = new();

    private readonly TrialResult _result = Samples.Result();
    private ConcurrentQueue<double>? _waits;
    private int _trial;

    public void Begin() => Volatile.Write(ref _waits, []);

    public double[] End() => [.. Interlocked.Exchange(ref _waits, null) ?? []];

    public TrialResult Run(AttemptProgress attempt, CancellationToken cancellationToken)
    {
        if (_free.TryDequeue(out long ended))
            Volatile.Read(ref _waits)?.Enqueue(Stopwatch.GetElapsedTime(ended).TotalMilliseconds);
        if (milliseconds > 0)
            cancellationToken.WaitHandle.WaitOne((milliseconds / 2) + (int)(Interlocked.Increment(ref _trial) * 2_654_435_761L % milliseconds));
        cancellationToken.ThrowIfCancellationRequested();
        _free.Enqueue(Stopwatch.GetTimestamp());
        return _result;
    }

    public void Forget(Lease lease)
    {
    }
}
