namespace Sweep.Tests.Simulation;

/// <summary>A process of the simulation: its lanes, its clock, and that it can be killed or frozen. What a dead one had to do is never done.</summary>
internal sealed class SimProcess
{
    private readonly SimScheduler _scheduler;
    private readonly List<SimLane> _lanes = [];
    private readonly Func<int> _number;

    public SimProcess(SimScheduler scheduler, string name, Func<int> number)
    {
        (_scheduler, Name, _number) = (scheduler, name, number);
        Time = new SimClock(scheduler, this);
        Main = Lane("main", inOrder: false);
    }

    public string Name { get; }

    public SimLane Main { get; }

    public TimeProvider Time { get; }

    /// <summary>By how much its clock is wrong.</summary>
    public TimeSpan Skew { get; set; }

    public bool IsAlive { get; private set; } = true;

    public bool IsFrozen { get; private set; }

    /// <summary>Neither grains nor the store can be reached.</summary>
    public bool IsCutOff { get; set; }

    public SimLane Lane(string name, bool inOrder)
    {
        SimLane lane = new(_scheduler, this, name, _number(), inOrder);
        _lanes.Add(lane);
        return lane;
    }

    public void Kill() => IsAlive = false;

    public void Freeze() => IsFrozen = true;

    public void Thaw()
    {
        IsFrozen = false;
        foreach (SimLane lane in _lanes)
            lane.Wake();
    }

    /// <summary>Runs something in the main lane.</summary>
    public void Do(Action what) => Main.Post(_ => what(), null);

    /// <inheritdoc cref="Do(Action)"/>
    public void Do(Func<Task> what) => Main.Post(_ => _scheduler.Watch(what()), null);

    /// <summary>The same after a while.</summary>
    public void After(TimeSpan time, Action what) => _scheduler.After(time, Main, what);

    public void Say(string what) => _scheduler.Trace.Add(_scheduler.Now, Name, what);

    public Task Delay(TimeSpan time) => Task.Delay(time, Time);

    private sealed class SimClock(SimScheduler scheduler, SimProcess process) : TimeProvider
    {
        private static readonly DateTimeOffset Epoch = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => Epoch + scheduler.Now + process.Skew;

        public override long GetTimestamp() => scheduler.Now.Ticks;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            scheduler.IsHere();
            SimTimer timer = new(scheduler, SynchronizationContext.Current as SimLane ?? process.Main, callback, state);
            timer.Change(dueTime, period);
            return timer;
        }
    }
}
