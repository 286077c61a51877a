namespace Sweep.Grains.Coordination;

/// <summary>
/// A sweep of this name is in the store with another spec. The message shows the difference, one line per changed value:
/// <c>training.steps: 4000 → 8000</c>.
/// </summary>
public sealed class SpecChangedException : Exception
{
    public SpecChangedException()
    {
    }

    public SpecChangedException(string message)
        : base(message)
    {
    }

    public SpecChangedException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
