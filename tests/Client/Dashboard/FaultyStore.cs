using System.Reflection;

namespace Sweep.Tests.Client.Dashboard;

/// <summary>A part of a store whose chosen method throws an unexpected exception, until told otherwise.</summary>
public class FaultyStore : DispatchProxy
{
    private object _inner = null!;
    private Func<string?> _broken = null!;
    private Func<string, Exception> _fault = null!;

    /// <param name="broken">The name of the method that fails now; null for none.</param>
    /// <param name="fault">What it throws; by default an InvalidOperationException.</param>
    public static T Of<T>(T inner, Func<string?> broken, Func<string, Exception>? fault = null)
        where T : class
    {
        T proxy = Create<T, FaultyStore>();
        var self = (FaultyStore)(object)proxy;
        (self._inner, self._broken, self._fault) = (inner, broken, fault ?? (name => new InvalidOperationException($"{name} is broken")));
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod!.Name == _broken()
        ? throw _fault(targetMethod.Name)
        : targetMethod.Invoke(_inner, BindingFlags.DoNotWrapExceptions, null, args, null);
}
