using System.Diagnostics;
using System.Reflection;

namespace Sweep.Silo;

/// <summary>An unexpected exception, in one line.</summary>
public static class Unforeseen
{
    private const string Ours = "Sweep.";

    /// <summary><c>unexpected IndexOutOfRangeException: Index was outside the bounds of the array. (in Whitening.Fit, Whitening.cs line 52)</c>.</summary>
    public static string Describe(Exception failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        while (failure is AggregateException or TargetInvocationException && failure.InnerException is { } inner)
            failure = inner;
        string message = $"unexpected {failure.GetType().Name}: {failure.Message.ReplaceLineEndings(" ")}";
        return Where(failure) is { } where ? $"{message} (in {where})" : message;
    }

    /// <summary>The innermost place in this program's own code; null where the exception was never thrown.</summary>
    private static string? Where(Exception failure)
    {
        StackFrame[] frames = new StackTrace(failure, fNeedFileInfo: true).GetFrames();
        StackFrame? frame = Array.Find(frames, f => Namespace(f).StartsWith(Ours, StringComparison.Ordinal)) ?? frames.FirstOrDefault();
        if (frame?.GetMethod() is not { } method)
            return null;
        string name = method.DeclaringType is { } type ? $"{type.Name}.{method.Name}" : method.Name;
        return frame.GetFileName() is { } file ? $"{name}, {Path.GetFileName(file)} line {frame.GetFileLineNumber()}" : name;
    }

    private static string Namespace(StackFrame frame) => frame.GetMethod()?.DeclaringType?.Namespace ?? string.Empty;
}
