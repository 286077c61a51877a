namespace Sweep.Tests.Fuzz;

/// <summary>SplitMix64 (Steele, Lea and Flood 2014): the same on every runtime, so that a seed repeats what it found.</summary>
internal sealed class FuzzRandom(int seed)
{
    private ulong _state = (ulong)seed;

    /// <summary>From 0 to below <paramref name="end"/>.</summary>
    public int Next(int end)
    {
        ulong z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return (int)((z ^ (z >> 31)) % (ulong)end);
    }

    public int Next(int start, int end) => start + Next(end - start);
}
