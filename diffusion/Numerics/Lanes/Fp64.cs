using System.Runtime.CompilerServices;

namespace Sweep.Diffusion.Numerics.Lanes;

/// <summary>
/// Elementary functions in fp64 by range reduction and polynomials in explicit fused multiply-adds: the same bits at every vector width. Polynomials
/// interpolate at Chebyshev nodes (done with 40 digits), with the error in units of the result stated beside each.
/// </summary>
internal static unsafe class Fp64<T, L>
    where T : unmanaged
    where L : struct, IDoubleLanes<T>
{
    /// <summary>ln(x) of a positive normal x.</summary>
    /// <remarks>
    /// x = 2^k m with m in [31/32, 31/16), and m within 1/16 of 1 + i/8: ln x = k ln 2 - ln c + ln(1 + r) with c = 1 / (1 + i/8) as rounded and r = c m - 1,
    /// which is at most 1/16. ln(1 + r) = r + r^2 p(r), error 1.4e-17. No division, which would take as long as all the rest.
    /// </remarks>
    /// <param name="x">The number.</param>
    /// <param name="inverses"><see cref="Eighths.Inverses"/>.</param>
    /// <param name="logarithms"><see cref="Eighths.Logarithms"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Log(T x, double* inverses, double* logarithms)
    {
        const ulong Exponent = 0x7FF0000000000000, One = 0x3FF0000000000000, TwoTo52 = 0x4330000000000000;
        T rounded = L.AddBits(x, L.BroadcastBits(1UL << 48));
        T eighth = L.ShiftRight(rounded, 49);

        // The exponent as the low bits of 2^52 + exponent.
        T k = L.Subtract(L.Or(L.ShiftRight(rounded, 52), L.BroadcastBits(TwoTo52)), L.Broadcast(4503599627370496 + 1023.0));
        T m = L.AddBits(L.SubtractBits(x, L.And(rounded, L.BroadcastBits(Exponent))), L.BroadcastBits(One));
        T r = L.MultiplyAdd(m, L.LookUp(inverses, eighth), L.Broadcast(-1));
        T r2 = L.Multiply(r, r);
        T p0 = L.MultiplyAdd(L.Broadcast(0.3333333333327723), r, L.Broadcast(-0.49999999999999895));
        T p1 = L.MultiplyAdd(L.Broadcast(0.2000000020469006), r, L.Broadcast(-0.250000000010973));
        T p2 = L.MultiplyAdd(L.Broadcast(0.14285511975571952), r, L.Broadcast(-0.16666664976694753));
        T p3 = L.MultiplyAdd(L.Broadcast(0.11185377088440397), r, L.Broadcast(-0.12500770508070216));
        T p = L.MultiplyAdd(L.MultiplyAdd(L.MultiplyAdd(L.MultiplyAdd(L.Broadcast(-0.0991890123059991), r2, p3), r2, p2), r2, p1), r2, p0);
        T whole = L.MultiplyAdd(k, L.Broadcast(0.6931471805599453), L.LookUp(logarithms, eighth));
        return L.Add(whole, L.MultiplyAdd(r2, p, r));
    }
}
