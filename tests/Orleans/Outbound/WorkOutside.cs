using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Sweep.Grains.Coordination;

namespace Sweep.Tests.Orleans.Outbound;

/// <summary>A coordinator and reader whose worker's side is another's.</summary>
[SuppressMessage("Performance", "CA1852:Seal internal types", Justification = "DispatchProxy derives from it.")]
internal class WorkOutside : DispatchProxy
{
    private IWorkSource _work = null!;
    private IWorkerReader _reader = null!;
    private ICoordinator _inside = null!;

    public static ICoordinator Of(IWorkSource work, IWorkerReader reader, ICoordinator inside)
    {
        IBoth proxy = Create<IBoth, WorkOutside>();
        var self = (WorkOutside)(object)proxy;
        (self._work, self._reader, self._inside) = (work, reader, inside);
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        Type declaring = targetMethod!.DeclaringType!;
        object target = declaring == typeof(IWorkSource) ? _work : declaring == typeof(IWorkerReader) ? _reader : _inside;
        return targetMethod.Invoke(target, BindingFlags.DoNotWrapExceptions, null, args, null);
    }

    /// <summary>What a conformance suite asks of.</summary>
    internal interface IBoth : ICoordinator, ISweepReader;
}
