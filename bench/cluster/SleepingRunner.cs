using System.Collections.Concurrent;
using System.Diagnostics;
using Sweep.Grains.Coordination;
using Sweep.Silo;

namespace Sweep.Bench.Cluster;

/// <summary>
/// Trials that sleep for half to one and a half of a time, no two slots in step. Measures, per slot, how long it takes from the end of one to the beginning of
/// the next: a slot is a thread that goes on with the lease it gets for its result.
/// </summary>
internal sealed class SleepingRunner(int milliseconds) : ITrialRunner
{
    /// <summary>When this slot's last trial ended; 0 before the first.</summary>
    [ThreadStatic]
    private static long ended;

    private readonly TrialResult _result = Samples.Result();
    private ConcurrentQueue<double>? _waits;
    private int _trial;

    public void Begin() => Volatile.Write(ref _waits, []);

    public double[] End() => [.. Interlocked.Exchange(ref _waits, null) ?? []];

    public TrialResult Run(AttemptProgress attempt, CancellationToken cancellationToken)
    {
        if (ended > 0)
            Volatile.Read(ref _waits)?.Enqueue(Stopwatch.GetElapsedTime(ended).TotalMilliseconds);
        if (milliseconds > 0)
            cancellationToken.WaitHandle.WaitOne((milliseconds / 2) + (int)(Interlocked.Increment(ref _trial) * 2_654_435_761L % milliseconds));
        cancellationToken.ThrowIfCancellationRequested();
        ended = Stopwatch.GetTimestamp();
        return _result;
    }

    public void Forget(Lease lease)
    {
    }
}
