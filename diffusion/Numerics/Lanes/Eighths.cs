using System.Runtime.InteropServices;

namespace Sweep.Diffusion.Numerics.Lanes;

/// <summary>
/// Tables of eight numbers for <see cref="IDoubleLanes{T}.LookUp"/>, aligned to 64 bytes, which live as long as the process. Written out, because a library's
/// functions may differ in the last bit from one version to the next.
/// </summary>
internal static unsafe class Eighths
{
    /// <summary>2^(i/8), less i at bit 49, three below the exponent, which adding the index shifted there puts back.</summary>
    public static readonly double* Powers = Table(
        [1, 1.0905077326652577, 1.189207115002721, 1.2968395546510096, 1.4142135623730951, 1.5422108254079407, 1.681792830507429, 1.8340080864093424],
            1UL << 49);

    /// <summary>1 / (1 + i/8), rounded.</summary>
    public static readonly double* Inverses =
        Table([1, 0.8888888888888888, 0.8, 0.7272727272727273, 0.6666666666666666, 0.6153846153846154, 0.5714285714285714, 0.5333333333333333]);

    /// <summary>-ln of <see cref="Inverses"/> as they are.</summary>
    public static readonly double* Logarithms = Table(
        [0, 0.11778303565638351, 0.2231435513142097, 0.3184537311185346, 0.40546510810816444, 0.48550781578170077, 0.5596157879354228, 0.6286086594223742]);

    private static double* Table(ReadOnlySpan<double> values, ulong lessBits = 0)
    {
        double* table = (double*)NativeMemory.AlignedAlloc(8 * sizeof(double), 64);
        for (int i = 0; i < 8; i++)
            table[i] = BitConverter.UInt64BitsToDouble(BitConverter.DoubleToUInt64Bits(values[i]) - ((ulong)i * lessBits));
        return table;
    }
}
