using System.Runtime.InteropServices;

namespace Sweep.Diffusion.Numerics;

/// <summary>
/// Sorts many arrays of doubles of one length, ascending: least significant digit first, eleven bits at a time, which takes a third of the time of comparing
/// from some thousand values on. No NaN among them; zeros of either sign may come in any order.
/// </summary>
/// <param name="length">Of the arrays.</param>
internal sealed class RadixSort(int length)
{
    /// <summary>Below it clearing the counts costs more than comparing.</summary>
    private const int Fewest = 512;

    private const int DigitBits = 11;
    private const int Digits = 1 << DigitBits;
    private const int Passes = 6;
    private const ulong Sign = 1UL << 63;

    private readonly ulong[] _keys = length < Fewest ? [] : new ulong[length];
    private readonly ulong[] _moved = length < Fewest ? [] : new ulong[length];
    private readonly int[] _counts = length < Fewest ? [] : new int[Passes * Digits];

    public void Sort(Span<double> values)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(values.Length, length);
        if (length < Fewest)
        {
            values.Sort();
            return;
        }

        ReadOnlySpan<ulong> bits = MemoryMarshal.Cast<double, ulong>(values);
        Span<int> counts = _counts;
        counts.Clear();
        for (int i = 0; i < bits.Length; i++)
        {
            // Negative numbers come first, and the larger their magnitude the earlier.
            ulong key = (bits[i] & Sign) != 0 ? ~bits[i] : bits[i] | Sign;
            _keys[i] = key;
            for (int pass = 0; pass < Passes; pass++)
                counts[(pass * Digits) + Digit(key, pass)]++;
        }

        ulong[] from = _keys, to = _moved;
        for (int pass = 0; pass < Passes; pass++)
        {
            Span<int> places = counts.Slice(pass * Digits, Digits);
            if (places[Digit(from[0], pass)] == length)
                continue;
            int next = 0;
            foreach (ref int place in places)
                (place, next) = (next, next + place);
            foreach (ulong key in from)
                to[places[Digit(key, pass)]++] = key;
            (from, to) = (to, from);
        }

        Span<ulong> sorted = MemoryMarshal.Cast<double, ulong>(values);
        for (int i = 0; i < sorted.Length; i++)
            sorted[i] = (from[i] & Sign) != 0 ? from[i] & ~Sign : ~from[i];
    }

    private static int Digit(ulong key, int pass) => (int)(key >> (pass * DigitBits)) & (Digits - 1);
}
