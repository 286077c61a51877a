namespace Sweep.Grains.Coordination;

/// <summary>Spreads waits, so that silos don't keep step: a sequence of its own for each name, the same for the same. Thread-safe.</summary>
public sealed class Jitter
{
    private readonly ulong _seed = 14695981039346656037;
    private int _draws;

    public Jitter(string who)
    {
        ArgumentNullException.ThrowIfNull(who);
        foreach (char c in who)
            _seed = unchecked((_seed ^ c) * 1099511628211);
    }

    /// <summary>Another sequence each time: for who has no name, and isn't simulated.</summary>
    public static Jitter OfNobody() => new(Guid.NewGuid().ToString());

    /// <summary>0.75 to 1.25, another each time.</summary>
    public double Factor() => 0.75 + (0.5 * Uniform());

    /// <summary>From 0 up to 1: FNV-1a of the name, mixed with the number of the draw as SplitMix64 does.</summary>
    public double Uniform()
    {
        ulong z = unchecked(_seed + ((ulong)Interlocked.Increment(ref _draws) * 0x9E3779B97F4A7C15));
        z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9);
        z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EB);
        return ((z ^ (z >> 31)) >> 11) * (1.0 / (1UL << 53));
    }
}
