namespace Sweep.Grains.Coordination;

/// <summary>The store cannot be reached, or is full, damaged, not ours, or has a schema of another version (exit code 3).</summary>
public sealed class StoreException : Exception
{
    /// <summary>Trying again changes nothing: somebody has to do something first.</summary>
    public bool IsLasting { get; init; }

    /// <summary>The store is there, but didn't answer in time, or is just starting, or full of connections.</summary>
    public bool IsSlow { get; init; }

    /// <summary>It passes within seconds, as when a cluster finds out who of it has died: worth asking again often.</summary>
    public bool IsBrief { get; init; }

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
