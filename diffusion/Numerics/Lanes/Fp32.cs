using System.Runtime.CompilerServices;

namespace Sweep.Diffusion.Numerics.Lanes;

/// <summary>
/// Elementary functions in fp32, by range reduction and polynomials in explicit fused multiply-adds, so that every vector width
/// gives the same bits. Polynomials are least-maximum fits (Lawson's reweighted least squares on 4000 Chebyshev nodes, done in extended precision and rounded
/// to fp32), with the approximation error in units of the result stated beside each; fp32 rounding (6e-8) comes on top.
/// </summary>
/// <remarks>
/// exp: x = n ln 2 + r with |r| &lt;= ln(2)/2 and n found by adding 1.5 * 2^23, whose low mantissa bits then hold n: shifted left by 23 they are the exponent
/// of 2^n. ln 2 is split in a part of few bits (n times it is exact) and a rest.
/// </remarks>
internal static class Fp32<T, L>
    where T : unmanaged
    where L : struct, ILanes<T>
{
    private const float Log2E = 1.4426950216293335f;
    private const float Ln2High = 0.693359375f;
    private const float Ln2Low = -0.00021219444f;
    private const float RoundingMagic = 12582912f;

    // exp(r) - 1 = r + r^2 p(r) on |r| <= 0.3535; error 3.6e-9.
    private const float E0 = 0.5f, E1 = 0.16666506230831146f, E2 = 0.041666168719530106f, E3 = 0.008370322175323963f, E4 = 0.0013952964218333364f;

    /// <summary>exp(x); x is held in [-87, 88], so that nothing overflows and the least result is 1.6e-38.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Exp(T x)
    {
        x = L.Minimum(L.Broadcast(88f), L.Maximum(L.Broadcast(-87f), x));
        T shifted = L.MultiplyAdd(x, L.Broadcast(Log2E), L.Broadcast(RoundingMagic));
        T n = L.Subtract(shifted, L.Broadcast(RoundingMagic));
        T r = L.MultiplyAdd(n, L.Broadcast(-Ln2Low), L.MultiplyAdd(n, L.Broadcast(-Ln2High), x));
        T p = L.MultiplyAdd(L.MultiplyAdd(L.MultiplyAdd(L.MultiplyAdd(L.Broadcast(E4), r, L.Broadcast(E3)), r, L.Broadcast(E2)), r, L.Broadcast(E1)), r,
            L.Broadcast(E0));
        T e = L.Add(L.MultiplyAdd(L.Multiply(r, r), p, r), L.Broadcast(1f));

        // The exponent is added to e's, not multiplied in: one integer addition, and 2^n itself need not be a normal number.
        return L.AddBits(e, L.ShiftLeft(shifted, 23));
    }

    /// <summary>exp(x) - 1, accurate near zero as well; x is held in [-87, 87].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T ExpMinusOne(T x)
    {
        x = L.Minimum(L.Broadcast(87f), L.Maximum(L.Broadcast(-87f), x));
        T shifted = L.MultiplyAdd(x, L.Broadcast(Log2E), L.Broadcast(RoundingMagic));
        T n = L.Subtract(shifted, L.Broadcast(RoundingMagic));
        T r = L.MultiplyAdd(n, L.Broadcast(-Ln2Low), L.MultiplyAdd(n, L.Broadcast(-Ln2High), x));
        T p = L.MultiplyAdd(L.MultiplyAdd(L.MultiplyAdd(L.MultiplyAdd(L.Broadcast(E4), r, L.Broadcast(E3)), r, L.Broadcast(E2)), r, L.Broadcast(E1)), r,
            L.Broadcast(E0));
        T q = L.MultiplyAdd(L.Multiply(r, r), p, r);
        T scale = L.AddBits(L.Broadcast(1f), L.ShiftLeft(shifted, 23));
        return L.MultiplyAdd(scale, q, L.Subtract(scale, L.Broadcast(1f)));
    }

    /// <summary>ln(x) of a positive normal x.</summary>
    /// <remarks>
    /// x = 2^k (1 + f) with 1 + f in [sqrt(1/2), sqrt(2)): the bits of sqrt(1/2) are subtracted, so that the exponent field rounds as wanted. ln(1+f) = f -
    /// f^2/2 + f^3 p(f); error 5.9e-9 of f.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Log(T x)
    {
        const uint SqrtHalf = 0x3F3504F3;
        T offset = L.AddBits(x, L.BroadcastBits(unchecked(0u - SqrtHalf)));

        // Arithmetic shift by 23 of the offset: a bias of 2^8 exponents keeps it positive for the logical one.
        T k = L.Subtract(L.ToFloat(L.ShiftRight(L.AddBits(offset, L.BroadcastBits(128u << 23)), 23)), L.Broadcast(128f));
        T f = L.Subtract(L.AddBits(L.And(offset, L.BroadcastBits(0x007FFFFF)), L.BroadcastBits(SqrtHalf)), L.Broadcast(1f));
        T p = L.MultiplyAdd(L.Broadcast(-0.07859333604574203f), f, L.Broadcast(0.1288154125213623f));
        p = L.MultiplyAdd(p, f, L.Broadcast(-0.1312880963087082f));
        p = L.MultiplyAdd(p, f, L.Broadcast(0.14181210100650787f));
        p = L.MultiplyAdd(p, f, L.Broadcast(-0.1662455052137375f));
        p = L.MultiplyAdd(p, f, L.Broadcast(0.2000228613615036f));
        p = L.MultiplyAdd(p, f, L.Broadcast(-0.25000810623168945f));
        p = L.MultiplyAdd(p, f, L.Broadcast(0.33333316445350647f));
        T f2 = L.Multiply(f, f);
        T tail = L.MultiplyAdd(f2, L.Broadcast(-0.5f), L.Multiply(L.Multiply(f2, f), p));
        tail = L.MultiplyAdd(k, L.Broadcast(Ln2Low), tail);
        return L.MultiplyAdd(k, L.Broadcast(Ln2High), L.Add(tail, f));
    }

    /// <summary>Sine and cosine of 2 pi u / 2^32, u the unsigned bits: a turn cut in 2^32.</summary>
    /// <remarks>
    /// The angle is a quarter-turn number plus f quarter turns, |f| &lt;= 1/2, of which u's bits give both exactly.
    /// sin = f p(f^2), error 4.9e-9; cos = 1 + f^2 q(f^2), error 5.4e-11.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (T Sin, T Cos) SinCosTurn(T u)
    {
        T quadrant = L.AddBits(u, L.BroadcastBits(1u << 29));
        T f = L.Multiply(L.ToFloat(L.ShiftLeft(u, 2)), L.Broadcast(1f / 4294967296f));
        T s = L.Multiply(f, f);
        T sin = L.MultiplyAdd(L.Broadcast(-0.004602177068591118f), s, L.Broadcast(0.07968022674322128f));
        sin = L.MultiplyAdd(sin, s, L.Broadcast(-0.6459634900093079f));
        sin = L.Multiply(L.MultiplyAdd(sin, s, L.Broadcast(1.5707963705062866f)), f);
        T cos = L.MultiplyAdd(L.Broadcast(0.0009040215518325567f), s, L.Broadcast(-0.02086028829216957f));
        cos = L.MultiplyAdd(cos, s, L.Broadcast(0.25366923213005066f));
        cos = L.MultiplyAdd(cos, s, L.Broadcast(-1.2337005138397217f));
        cos = L.MultiplyAdd(cos, s, L.Broadcast(1f));

        // Quadrant q (the top two bits): odd ones swap sine and cosine; sine's sign is q's high bit, cosine's that of q + 1.
        T odd = L.SignMask(L.ShiftLeft(quadrant, 1));
        T sign = L.BroadcastBits(0x80000000);
        T sinSign = L.And(quadrant, sign);
        T cosSign = L.And(L.AddBits(quadrant, L.BroadcastBits(1u << 30)), sign);
        return (L.Xor(L.Select(odd, cos, sin), sinSign), L.Xor(L.Select(odd, sin, cos), cosSign));
    }

    /// <summary>tanh(x) = e / (e + 2) with e = exp(2x) - 1, |x| held at 9 (where it is 1 to fp32).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Tanh(T x)
    {
        T two = L.Broadcast(2f);
        T e = ExpMinusOne(L.Multiply(L.Minimum(L.Broadcast(9.2f), L.Maximum(L.Broadcast(-9.2f), x)), two));
        return L.Divide(e, L.Add(e, two));
    }

    /// <summary>1 / (1 + exp(-x)) for x held by the caller in [-17, 17], where it is 0 and 1 to fp32 (absolute error 1.7e-7).</summary>
    /// <remarks>
    /// 1/2 + x P(x^2) / Q(x^2), a rational fit of degrees 5 and 3 with error 1.5e-8. Against exp and a division it saves a quarter of the operations and, with
    /// the polynomials split in pairs (Estrin), a third of the latency, which is what limits: a processor looks ahead over only so many waiting operations.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sigmoid(T x)
    {
        T u = L.Multiply(x, x);
        T u2 = L.Multiply(u, u);
        T p0 = L.MultiplyAdd(L.Broadcast(0.008088978938758373f), u, L.Broadcast(0.24999995529651642f));
        T p1 = L.MultiplyAdd(L.Broadcast(3.713348206701994e-08f), u, L.Broadcast(4.603155321092345e-05f));
        T p2 = L.MultiplyAdd(L.Broadcast(4.950228679794161e-15f), u, L.Broadcast(-1.3213700099379277e-11f));
        T p = L.MultiplyAdd(L.MultiplyAdd(p2, u2, p1), u2, p0);
        T q0 = L.MultiplyAdd(L.Broadcast(0.11568909138441086f), u, L.Broadcast(1f));
        T q1 = L.MultiplyAdd(L.Broadcast(3.619463996074046e-06f), u, L.Broadcast(0.0014915949432179332f));
        T q = L.MultiplyAdd(q1, u2, q0);
        return L.Add(L.Divide(L.Multiply(x, p), q), L.Broadcast(0.5f));
    }

    /// <summary>The standard normal's distribution function and density.</summary>
    /// <remarks>
    /// For x &gt;= 0, 1 - Phi(x) = t P(t) exp(-x^2/2) with t = 1 / (1 + 0.3 x), the form of Hastings (1955; Abramowitz and Stegun 7.1.26), our own fit of
    /// degree 7: relative error 1.5e-7 for x up to 14.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (T Distribution, T Density) Normal(T x)
    {
        T one = L.Broadcast(1f);
        T magnitude = L.And(x, L.BroadcastBits(0x7FFFFFFF));
        T e = Exp(L.Multiply(L.Multiply(x, x), L.Broadcast(-0.5f)));
        T t = L.Divide(one, L.MultiplyAdd(L.Broadcast(0.3f), magnitude, one));
        T p = L.MultiplyAdd(L.Broadcast(0.03567521274089813f), t, L.Broadcast(-0.15720485150814056f));
        p = L.MultiplyAdd(p, t, L.Broadcast(0.20635642111301422f));
        p = L.MultiplyAdd(p, t, L.Broadcast(-0.05368618294596672f));
        p = L.MultiplyAdd(p, t, L.Broadcast(0.12856288254261017f));
        p = L.MultiplyAdd(p, t, L.Broadcast(0.09991314262151718f));
        p = L.MultiplyAdd(p, t, L.Broadcast(0.12075401097536087f));
        p = L.MultiplyAdd(p, t, L.Broadcast(0.11962929368019104f));
        T tail = L.Multiply(L.Multiply(p, t), e);
        T distribution = L.Select(L.SignMask(x), tail, L.Subtract(one, tail));
        return (distribution, L.Multiply(e, L.Broadcast(0.3989422804014327f)));
    }
}
