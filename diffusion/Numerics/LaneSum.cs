using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Sweep.Diffusion.Numerics;

/// <summary>Sums in fp64 by eight lanes (index modulo 8), added as l + 4, l + 2, l + 1: fast, and the same bits on every machine.</summary>
internal static class LaneSum
{
    public static double Of(ReadOnlySpan<double> values)
    {
        ref double first = ref MemoryMarshal.GetReference(values);
        Vector512<double> lanes = Vector512<double>.Zero;
        int whole = values.Length & ~7;
        for (int i = 0; i < whole; i += 8)
            lanes += Vector512.LoadUnsafe(ref first, (nuint)i);
        return Finish(lanes, values[whole..]);
    }

    public static double Of(ReadOnlySpan<float> values)
    {
        ref float first = ref MemoryMarshal.GetReference(values);
        Vector512<double> lanes = Vector512<double>.Zero;
        int whole = values.Length & ~7;
        for (int i = 0; i < whole; i += 8)
        {
            var eight = Vector256.LoadUnsafe(ref first, (nuint)i);
            (Vector256<double> low, Vector256<double> high) = Vector256.Widen(eight);
            lanes += Vector512.Create(low, high);
        }

        Span<double> rest = stackalloc double[values.Length - whole];
        for (int i = 0; i < rest.Length; i++)
            rest[i] = values[whole + i];
        return Finish(lanes, rest);
    }

    private static double Finish(Vector512<double> lanes, ReadOnlySpan<double> rest)
    {
        Span<double> l = stackalloc double[8];
        lanes.CopyTo(l);
        for (int i = 0; i < rest.Length; i++)
            l[i] += rest[i];
        return ((l[0] + l[4]) + (l[2] + l[6])) + ((l[1] + l[5]) + (l[3] + l[7]));
    }
}
