namespace Sweep.Silo;

/// <summary>A trial failed by its own doing; the message says how, for the operator.</summary>
public sealed class TrialFailedException : Exception
{
    public TrialFailedException()
    {
    }

    public TrialFailedException(string message)
        : base(message)
    {
    }

    public TrialFailedException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
