namespace Sweep.Grains.Coordination;

/// <summary>The store cannot be reached, or is not ours, or has a schema of another version (exit code 3).</summary>
public sealed class StoreException : Exception
{
    public StoreException()
    {
    }

    public StoreException(string message)
        : base(message)
    {
    }

    public StoreException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
