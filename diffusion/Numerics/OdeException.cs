namespace Sweep.Diffusion.Numerics;

/// <summary>An initial-value problem that could not be solved to its tolerance.</summary>
public sealed class OdeException : Exception
{
    public OdeException()
    {
    }

    public OdeException(string message)
        : base(message)
    {
    }

    public OdeException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
