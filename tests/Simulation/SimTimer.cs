namespace Sweep.Tests.Simulation;

/// <summary>A timer by the simulation's clock; its callback runs in the lane that made it.</summary>
internal sealed class SimTimer(SimScheduler scheduler, SimLane lane, TimerCallback callback, object? state) : ITimer
{
    private TimeSpan _period = Timeout.InfiniteTimeSpan;

    /// <summary>Which of its settings counts.</summary>
    public int Version { get; private set; }

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        Version++;
        _period = period;
        if (dueTime != Timeout.InfiniteTimeSpan)
            scheduler.Schedule(this, Version, scheduler.Now + dueTime);
        return true;
    }

    public void Fire()
    {
        if (_period > TimeSpan.Zero)
            Change(_period, _period);
        lane.Post(s => callback(s), state);
    }

    public void Dispose() => Version++;

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }
}
