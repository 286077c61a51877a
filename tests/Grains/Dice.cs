using Sweep.Diffusion.Numerics;

namespace Sweep.Tests.Grains;

/// <summary>A reproducible sequence of small numbers, for tests that play any order of things: a seed that fails says it all.</summary>
internal sealed class Dice(int seed)
{
    private uint _throws;

    /// <summary>0 to <paramref name="sides"/> - 1.</summary>
    public int Next(int sides) => (int)(Philox.Words((ulong)seed, 0, 0, _throws++, default).A % (uint)sides);

    public int Next(int from, int to) => from + Next(to - from);
}
