namespace Sweep.Tests.Simulation;

/// <summary>
/// Where code runs that the simulation drives: what goes on after an <c>await</c> comes back here. In order, as on a grain's activation, or in any order, as on
/// the thread pool.
/// </summary>
internal sealed class SimLane(SimScheduler scheduler, SimProcess process, string name, int number, bool inOrder) : SynchronizationContext
{
    private readonly List<(SendOrPostCallback What, object? State)> _waiting = [];
    private bool _isReady;

    public SimProcess Process => process;

    public int Number => number;

    /// <summary>A grain's activation.</summary>
    public bool IsGrain => inOrder;

    public bool IsRunnable => process is { IsAlive: true, IsFrozen: false };

    public override SynchronizationContext CreateCopy() => this;

    public override void Send(SendOrPostCallback d, object? state) => d(state);

    public override void Post(SendOrPostCallback d, object? state)
    {
        if (!scheduler.IsHere() || !process.IsAlive)
            return;
        _waiting.Add((d, state));
        Wake();
    }

    /// <summary>What waits can go on, if its process can.</summary>
    public void Wake()
    {
        if (_isReady || _waiting.Count == 0 || !IsRunnable)
            return;
        _isReady = true;
        scheduler.Ready(this);
    }

    /// <summary>Runs one piece; whether there are more.</summary>
    public bool Run(SimRandom random)
    {
        int at = inOrder ? 0 : random.Next(_waiting.Count);
        (SendOrPostCallback what, object? state) = _waiting[at];
        _waiting.RemoveAt(at);
        Run(what, state);
        return IsRunnable && _waiting.Count > 0;
    }

    public void Run(SendOrPostCallback what, object? state)
    {
        SynchronizationContext? before = Current;
        SetSynchronizationContext(this);
        try
        {
            what(state);
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }

    /// <summary>It is no longer among those that are ready.</summary>
    public void Rests()
    {
        _isReady = false;
        if (!process.IsAlive)
            _waiting.Clear();
        Wake();
    }

    public override string ToString() => $"{process.Name} {name}";
}
