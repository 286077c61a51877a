namespace Sweep.Tests.Simulation;

/// <summary>
/// One thread and one clock for everything. What is ready waits in lanes (<see cref="SimLane"/>); the seed says which lane goes on. Time stands while anything
/// is ready, but for moments in which the seed has the machine be slow; else it goes on to the next timer.
/// </summary>
internal sealed class SimScheduler(SimRandom random, SimTrace trace)
{
    private readonly List<SimLane> _ready = [];
    private readonly PriorityQueue<(SimTimer Timer, int Version), (long Due, long Number)> _timers = new();
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private volatile string? _defect;
    private long _number;

    /// <summary>Since the beginning.</summary>
    public TimeSpan Now { get; private set; }

    public SimTrace Trace => trace;

    public long Steps { get; private set; }

    /// <summary>How often time goes on though something is ready.</summary>
    public double Slowness { get; set; }

    /// <summary>What was driven ran on another thread, which leaves the simulation, or the simulation itself has failed. Where, or null.</summary>
    public string? Defect => _defect;

    /// <summary>Whether the caller is on the simulation's thread; notes it if not.</summary>
    public bool IsHere()
    {
        if (Environment.CurrentManagedThreadId == _thread)
            return true;
        _defect ??= $"it left the simulation's thread: {Environment.StackTrace}";
        return false;
    }

    /// <summary>A part of the simulation, which must not fail.</summary>
    public void Watch(Task part) => _ = part.ContinueWith(
        failed => _defect ??= failed.Exception!.ToString(), CancellationToken.None,
        TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    public void Ready(SimLane lane) => _ready.Add(lane);

    public void Schedule(SimTimer timer, int version, TimeSpan due) => _timers.Enqueue((timer, version), (Math.Max(due.Ticks, Now.Ticks), _number++));

    /// <summary>Runs something in a lane after a while.</summary>
    public SimTimer After(TimeSpan delay, SimLane lane, Action what)
    {
        SimTimer timer = new(this, lane, _ => what(), null);
        timer.Change(delay, Timeout.InfiniteTimeSpan);
        return timer;
    }

    /// <summary>One piece of work, or the next timer. False when there is neither.</summary>
    public bool Step()
    {
        if (_ready.Count > 0 && !(_timers.Count > 0 && random.Chance(Slowness)))
        {
            int at = random.Next(_ready.Count);
            SimLane lane = _ready[at];
            bool more = lane.IsRunnable && lane.Run(random);
            if (!more)
            {
                int now = at < _ready.Count && ReferenceEquals(_ready[at], lane) ? at : _ready.IndexOf(lane);
                _ready[now] = _ready[^1];
                _ready.RemoveAt(_ready.Count - 1);
                lane.Rests();
            }

            trace.Mix((ulong)lane.Number);
            Steps++;
            return true;
        }

        while (_timers.TryDequeue(out (SimTimer Timer, int Version) next, out (long Due, long Number) at))
        {
            if (next.Timer.Version != next.Version)
                continue;
            Now = TimeSpan.FromTicks(Math.Max(Now.Ticks, at.Due));
            next.Timer.Fire();
            Steps++;
            return true;
        }

        return false;
    }
}
