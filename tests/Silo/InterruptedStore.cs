using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Sweep.Grains.Coordination;

namespace Sweep.Tests.Silo;

/// <summary>A coordinator whose store can't be reached while it is told so.</summary>
[SuppressMessage("Performance", "CA1852:Seal internal types", Justification = "DispatchProxy derives from it.")]
internal class InterruptedStore : DispatchProxy
{
    private ICoordinator _inner = null!;
    private volatile bool _down;
    private int _refused;
    private int _heartbeats;

    public bool Down
    {
        set => _down = value;
    }

    /// <summary>What heartbeats end in; null where they reach the store.</summary>
    public Func<Exception>? HeartbeatThrows { get; set; }

    public int Heartbeats => Volatile.Read(ref _heartbeats);

    /// <summary>Calls that failed.</summary>
    public int Refused => Volatile.Read(ref _refused);

    public static (ICoordinator Coordinator, InterruptedStore Control) Around(ICoordinator inner)
    {
        ICoordinator proxy = Create<ICoordinator, InterruptedStore>();
        var control = (InterruptedStore)(object)proxy;
        control._inner = inner;
        return (proxy, control);
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        if (_down && targetMethod!.Name != nameof(ICoordinator.WaitForWorkAsync))
        {
            Interlocked.Increment(ref _refused);
            throw new StoreException("the store can't be reached");
        }

        if (targetMethod!.Name == nameof(ICoordinator.HeartbeatAsync))
        {
            Interlocked.Increment(ref _heartbeats);
            if (HeartbeatThrows is { } thrown)
                throw thrown();
        }

        return targetMethod.Invoke(_inner, args);
    }
}
