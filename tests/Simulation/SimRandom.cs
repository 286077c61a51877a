namespace Sweep.Tests.Simulation;

/// <summary>All of a simulation's chance, from its seed: SplitMix64.</summary>
internal sealed class SimRandom(ulong seed)
{
    private ulong _state = seed;

    public ulong Word()
    {
        ulong z = unchecked(_state += 0x9E3779B97F4A7C15);
        z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9);
        z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EB);
        return z ^ (z >> 31);
    }

    /// <summary>0 to <paramref name="sides"/> - 1.</summary>
    public int Next(int sides) => (int)(Word() % (uint)sides);

    /// <summary>From the first up to the second, which is left out.</summary>
    public int Next(int from, int to) => from + Next(to - from);

    public double Unit() => (Word() >> 11) * (1.0 / (1UL << 53));

    public bool Chance(double probability) => probability > 0 && Unit() < probability;

    public TimeSpan Span(double fromSeconds, double toSeconds) => TimeSpan.FromSeconds(fromSeconds + ((toSeconds - fromSeconds) * Unit()));

    public T Pick<T>(IReadOnlyList<T> of) => of[Next(of.Count)];
}
