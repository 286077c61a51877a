namespace Sweep.Diffusion.Kinds;

/// <summary>
/// A parameter's value is impossible in a way that its declared range does not show. The message reads
/// <c>what is wrong: value; allowed: …</c>; whoever read the spec puts <c>file:line:</c> before it.
/// </summary>
public sealed class KindException : Exception
{
    public KindException()
    {
    }

    public KindException(string message)
        : base(message)
    {
    }

    public KindException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
