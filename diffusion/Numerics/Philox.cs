using System.Runtime.CompilerServices;

namespace Sweep.Diffusion.Numerics;

/// <summary>
/// The counter-based generator Philox4x32-10 (Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3",
/// SC11): four 32-bit words from a 128-bit counter and a 64-bit key, with no state. Sweep's counter is
/// (block, row, step, purpose) and its key a trial's seed, so that any backend and any number of workers draw the same numbers.
/// This scalar form is the reference for every vectorised one.
/// </summary>
public static class Philox
{
    internal const uint Multiplier0 = 0xD2511F53;
    internal const uint Multiplier1 = 0xCD9E8D57;
    internal const uint Weyl0 = 0x9E3779B9;
    internal const uint Weyl1 = 0xBB67AE85;
    internal const int Rounds = 10;

    /// <summary>The four words at a counter.</summary>
    /// <param name="key">The trial's seed.</param>
    /// <param name="block">Which four words within the row.</param>
    /// <param name="row">The sample's row.</param>
    /// <param name="step">The training or reverse step.</param>
    /// <param name="purpose">What the numbers are for.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (uint A, uint B, uint C, uint D) Words(ulong key, uint block, uint row, uint step, NoisePurpose purpose)
    {
        uint c0 = block, c1 = row, c2 = step, c3 = (uint)purpose;
        uint k0 = (uint)key, k1 = (uint)(key >> 32);
        for (int round = 0; round < Rounds; round++)
        {
            ulong p0 = (ulong)Multiplier0 * c0;
            ulong p1 = (ulong)Multiplier1 * c2;
            (c0, c1, c2, c3) = ((uint)(p1 >> 32) ^ c1 ^ k0, (uint)p1, (uint)(p0 >> 32) ^ c3 ^ k1, (uint)p0);
            k0 += Weyl0;
            k1 += Weyl1;
        }

        return (c0, c1, c2, c3);
    }
}
