using System.Runtime.CompilerServices;

namespace Sweep.Diffusion.Numerics.Lanes;

/// <summary><see cref="Philox"/> on a vector of counters: the same words, lane by lane.</summary>
internal static class PhiloxLanes<T, L>
    where T : unmanaged
    where L : struct, ILanes<T>
{
    /// <summary>The four words of each lane's counter (block, row, step, purpose).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (T A, T B, T C, T D) Words(ulong key, T block, T row, uint step, NoisePurpose purpose)
    {
        T c0 = block, c1 = row, c2 = L.BroadcastBits(step), c3 = L.BroadcastBits((uint)purpose);
        uint k0 = (uint)key, k1 = (uint)(key >> 32);
        for (int round = 0; round < Philox.Rounds; round++)
        {
            (T high0, T low0) = L.MultiplyWide(c0, Philox.Multiplier0);
            (T high1, T low1) = L.MultiplyWide(c2, Philox.Multiplier1);
            c0 = L.Xor(L.Xor(high1, c1), L.BroadcastBits(k0));
            c2 = L.Xor(L.Xor(high0, c3), L.BroadcastBits(k1));
            c1 = low1;
            c3 = low0;
            k0 = unchecked(k0 + Philox.Weyl0);
            k1 = unchecked(k1 + Philox.Weyl1);
        }

        return (c0, c1, c2, c3);
    }

    /// <summary>
    /// Two vectors of rows at once, round by round: one alone is a chain of dependent operations longer than the processor looks ahead.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ((T A, T B, T C, T D) First, (T A, T B, T C, T D) Second) Words(ulong key, T block, T firstRow, T secondRow, uint step, NoisePurpose purpose)
    {
        T c0 = block, c1 = firstRow, c2 = L.BroadcastBits(step), c3 = L.BroadcastBits((uint)purpose);
        T e0 = c0, e1 = secondRow, e2 = c2, e3 = c3;
        uint k0 = (uint)key, k1 = (uint)(key >> 32);
        for (int round = 0; round < Philox.Rounds; round++)
        {
            (T high0, T low0) = L.MultiplyWide(c0, Philox.Multiplier0);
            (T high1, T low1) = L.MultiplyWide(c2, Philox.Multiplier1);
            (T high2, T low2) = L.MultiplyWide(e0, Philox.Multiplier0);
            (T high3, T low3) = L.MultiplyWide(e2, Philox.Multiplier1);
            c0 = L.Xor(L.Xor(high1, c1), L.BroadcastBits(k0));
            c2 = L.Xor(L.Xor(high0, c3), L.BroadcastBits(k1));
            c1 = low1;
            c3 = low0;
            e0 = L.Xor(L.Xor(high3, e1), L.BroadcastBits(k0));
            e2 = L.Xor(L.Xor(high2, e3), L.BroadcastBits(k1));
            e1 = low3;
            e3 = low2;
            k0 = unchecked(k0 + Philox.Weyl0);
            k1 = unchecked(k1 + Philox.Weyl1);
        }

        return ((c0, c1, c2, c3), (e0, e1, e2, e3));
    }
}
