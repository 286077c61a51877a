using System.Reflection;
using Sweep.Grains.Coordination;

namespace Sweep.Bench.Telemetry;

/// <summary>A coordinator that does nothing, at once: what is measured is the measuring.</summary>
public class IdleStore : DispatchProxy
{
    public static Lease? Next { get; set; }

    public static ICoordinator Create() => Create<ICoordinator, IdleStore>();

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod!.Name switch
    {
        nameof(ICoordinator.LeaseAsync) => Task.FromResult<IReadOnlyList<Lease>>([Next!]),
        nameof(ICoordinator.CompleteAndLeaseAsync) => Task.FromResult(new CompletedAndLeased([ReportAnswer.Accepted], [])),
        nameof(ICoordinator.HeartbeatAsync) => Task.FromResult<IReadOnlyList<HeartbeatAnswer>>([HeartbeatAnswer.Renewed]),
        _ => throw new NotSupportedException(targetMethod.Name),
    };
}
