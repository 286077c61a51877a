using Orleans.Serialization;

namespace Sweep.Grains.Orleans;

/// <summary>What a call of a grain throws when its silo, or the way to it, is gone. The call may be repeated.</summary>
public static class ClusterFault
{
    /// <summary>Orleans also cancels calls that nobody cancelled: a message that has waited too long until it was known where to send it.</summary>
    public static bool Is(Exception e) => e is OrleansException or TimeoutException or SerializerException or ObjectDisposedException
        or OperationCanceledException or EnumerationAbortedException;

    /// <summary>The same, where the caller may have cancelled the call.</summary>
    public static bool Is(Exception e, CancellationToken callers) => Is(e) && !(e is OperationCanceledException && callers.IsCancellationRequested);
}
