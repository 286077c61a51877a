using System.Reflection;

namespace Sweep.Tests.Client.Dashboard;

/// <summary>A part of a store whose chosen method throws what nobody foresaw, until told otherwise.</summary>
public class FaultyStore : DispatchProxy
{
    private object _inner = null!;
    private Func<string?> _broken = null!;

    /// <param name="broken">The name of the method that fails now; null for none.</param>
    public static T Of<T>(T inner, Func<string?> broken)
        where T : class
    {
        T proxy = Create<T, FaultyStore>();
        var self = (FaultyStore)(object)proxy;
        (self._inner, self._broken) = (inner, broken);
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod!.Name == _broken()
        ? throw new InvalidOperationException($"{targetMethod.Name} is broken")
        : targetMethod.Invoke(_inner, BindingFlags.DoNotWrapExceptions, null, args, null);
}
