namespace Sweep.Silo.Preparation;

/// <summary>The trial itself is at fault (its data, its design); the message says how, for the operator.</summary>
public sealed class TrialFailedException : Exception
{
    /// <summary>The same data and seed fail again wherever they are tried; false where it is this silo that lacks something.</summary>
    public bool MustRepeat { get; init; } = true;

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
