using System.Runtime.CompilerServices;

namespace Sweep.Diffusion.Numerics.Lanes;

/// <summary>
/// ln of sums of powers of two, many at once: for every point the greatest exponent is taken out, so that nothing overflows and the sum is at least 1.
/// </summary>
/// <remarks>
/// 2^x: x = n + f with n a multiple of 1/8 and |f| &lt;= 1/16, both exact without a multiplication. 2^n is one of eight numbers with n's whole part added to
/// its exponent; 2^f - 1 = f q(f), error 1.9e-15 of 2^f (interpolation at Chebyshev nodes, done with 40 digits). Eight registers go through it in step: a
/// single chain of fifteen dependent operations, or four, leaves the units idle, because a processor looks ahead over too few of them (8.5 cycles an
/// exponential on a Zen 5, against 6).
/// </remarks>
internal static unsafe class LogSumExp<T, L>
    where T : unmanaged
    where L : struct, IDoubleLanes<T>
{
    private const double Ln2 = 0.6931471805599453;

    /// <summary>1.5 * 2^49: adding it rounds to a multiple of 1/8, which the low mantissa bits then count.</summary>
    private const double RoundingMagic = 844424930131968;

    // q's coefficients, 2^f = 1 + f q(f).
    private const double Q0 = 0.6931471805599737, Q1 = 0.24022650695910316, Q2 = 0.055504108533901385, Q3 = 0.009618129096285193, Q4 = 0.0013334451887507994,
        Q5 = 0.0001540430475647682;

    /// <summary>Points that are worked on at once.</summary>
    public static int Group => 8 * L.Count;

    /// <summary>nats = ln sum over k of 2^terms(k). NaN where a term is NaN.</summary>
    /// <param name="terms">(count, step): exponents in base 2; if wanted, left as each term's share, 2^(term - the greatest).</param>
    /// <param name="step">Doubles from one term of a point to the next, at least the points rounded up to <see cref="Group"/>.</param>
    /// <param name="count">Terms of a point, at least 1.</param>
    /// <param name="points">Any number; those up to the next multiple of <see cref="Group"/> are worked on too.</param>
    /// <param name="nats">(points, rounded up).</param>
    /// <param name="sums">(points, rounded up): of the shares.</param>
    /// <param name="keepShares">Whether to.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(double* terms, nint step, nint count, nint points, double* nats, double* sums, bool keepShares)
    {
        double* powers = Eighths.Powers;
        nint end = count * step;
        for (nint point = 0; point < points; point += 8 * L.Count)
        {
            double* term = terms + point, largest = nats + point, sum = sums + point;
            Greatest(term, step, end, largest, sum);
            for (nint k = 0; k < end; k += step, term += step)
            {
                T least = L.Broadcast(-1022), magic = L.Broadcast(RoundingMagic);
                T f0 = L.Maximum(least, L.Subtract(L.Load(term), L.Load(largest)));
                T f1 = L.Maximum(least, L.Subtract(L.Load(term + L.Count), L.Load(largest + L.Count)));
                T f2 = L.Maximum(least, L.Subtract(L.Load(term + (2 * L.Count)), L.Load(largest + (2 * L.Count))));
                T f3 = L.Maximum(least, L.Subtract(L.Load(term + (3 * L.Count)), L.Load(largest + (3 * L.Count))));
                T f4 = L.Maximum(least, L.Subtract(L.Load(term + (4 * L.Count)), L.Load(largest + (4 * L.Count))));
                T f5 = L.Maximum(least, L.Subtract(L.Load(term + (5 * L.Count)), L.Load(largest + (5 * L.Count))));
                T f6 = L.Maximum(least, L.Subtract(L.Load(term + (6 * L.Count)), L.Load(largest + (6 * L.Count))));
                T f7 = L.Maximum(least, L.Subtract(L.Load(term + (7 * L.Count)), L.Load(largest + (7 * L.Count))));
                T n0 = L.Add(f0, magic);
                T n1 = L.Add(f1, magic);
                T n2 = L.Add(f2, magic);
                T n3 = L.Add(f3, magic);
                T n4 = L.Add(f4, magic);
                T n5 = L.Add(f5, magic);
                T n6 = L.Add(f6, magic);
                T n7 = L.Add(f7, magic);
                f0 = L.Subtract(f0, L.Subtract(n0, magic));
                f1 = L.Subtract(f1, L.Subtract(n1, magic));
                f2 = L.Subtract(f2, L.Subtract(n2, magic));
                f3 = L.Subtract(f3, L.Subtract(n3, magic));
                f4 = L.Subtract(f4, L.Subtract(n4, magic));
                f5 = L.Subtract(f5, L.Subtract(n5, magic));
                f6 = L.Subtract(f6, L.Subtract(n6, magic));
                f7 = L.Subtract(f7, L.Subtract(n7, magic));
                n0 = L.AddBits(L.LookUp(powers, n0), L.ShiftLeft(n0, 49));
                n1 = L.AddBits(L.LookUp(powers, n1), L.ShiftLeft(n1, 49));
                n2 = L.AddBits(L.LookUp(powers, n2), L.ShiftLeft(n2, 49));
                n3 = L.AddBits(L.LookUp(powers, n3), L.ShiftLeft(n3, 49));
                n4 = L.AddBits(L.LookUp(powers, n4), L.ShiftLeft(n4, 49));
                n5 = L.AddBits(L.LookUp(powers, n5), L.ShiftLeft(n5, 49));
                n6 = L.AddBits(L.LookUp(powers, n6), L.ShiftLeft(n6, 49));
                n7 = L.AddBits(L.LookUp(powers, n7), L.ShiftLeft(n7, 49));
                T a = L.Broadcast(Q5), b = L.Broadcast(Q4);
                T q0 = L.MultiplyAdd(a, f0, b);
                T q1 = L.MultiplyAdd(a, f1, b);
                T q2 = L.MultiplyAdd(a, f2, b);
                T q3 = L.MultiplyAdd(a, f3, b);
                T q4 = L.MultiplyAdd(a, f4, b);
                T q5 = L.MultiplyAdd(a, f5, b);
                T q6 = L.MultiplyAdd(a, f6, b);
                T q7 = L.MultiplyAdd(a, f7, b);
                b = L.Broadcast(Q3);
                q0 = L.MultiplyAdd(q0, f0, b);
                q1 = L.MultiplyAdd(q1, f1, b);
                q2 = L.MultiplyAdd(q2, f2, b);
                q3 = L.MultiplyAdd(q3, f3, b);
                q4 = L.MultiplyAdd(q4, f4, b);
                q5 = L.MultiplyAdd(q5, f5, b);
                q6 = L.MultiplyAdd(q6, f6, b);
                q7 = L.MultiplyAdd(q7, f7, b);
                b = L.Broadcast(Q2);
                q0 = L.MultiplyAdd(q0, f0, b);
                q1 = L.MultiplyAdd(q1, f1, b);
                q2 = L.MultiplyAdd(q2, f2, b);
                q3 = L.MultiplyAdd(q3, f3, b);
                q4 = L.MultiplyAdd(q4, f4, b);
                q5 = L.MultiplyAdd(q5, f5, b);
                q6 = L.MultiplyAdd(q6, f6, b);
                q7 = L.MultiplyAdd(q7, f7, b);
                b = L.Broadcast(Q1);
                q0 = L.MultiplyAdd(q0, f0, b);
                q1 = L.MultiplyAdd(q1, f1, b);
                q2 = L.MultiplyAdd(q2, f2, b);
                q3 = L.MultiplyAdd(q3, f3, b);
                q4 = L.MultiplyAdd(q4, f4, b);
                q5 = L.MultiplyAdd(q5, f5, b);
                q6 = L.MultiplyAdd(q6, f6, b);
                q7 = L.MultiplyAdd(q7, f7, b);
                b = L.Broadcast(Q0);
                q0 = L.MultiplyAdd(q0, f0, b);
                q1 = L.MultiplyAdd(q1, f1, b);
                q2 = L.MultiplyAdd(q2, f2, b);
                q3 = L.MultiplyAdd(q3, f3, b);
                q4 = L.MultiplyAdd(q4, f4, b);
                q5 = L.MultiplyAdd(q5, f5, b);
                q6 = L.MultiplyAdd(q6, f6, b);
                q7 = L.MultiplyAdd(q7, f7, b);
                q0 = L.MultiplyAdd(L.Multiply(q0, f0), n0, n0);
                q1 = L.MultiplyAdd(L.Multiply(q1, f1), n1, n1);
                q2 = L.MultiplyAdd(L.Multiply(q2, f2), n2, n2);
                q3 = L.MultiplyAdd(L.Multiply(q3, f3), n3, n3);
                q4 = L.MultiplyAdd(L.Multiply(q4, f4), n4, n4);
                q5 = L.MultiplyAdd(L.Multiply(q5, f5), n5, n5);
                q6 = L.MultiplyAdd(L.Multiply(q6, f6), n6, n6);
                q7 = L.MultiplyAdd(L.Multiply(q7, f7), n7, n7);
                L.Store(sum, L.Add(L.Load(sum), q0));
                L.Store(sum + L.Count, L.Add(L.Load(sum + L.Count), q1));
                L.Store(sum + (2 * L.Count), L.Add(L.Load(sum + (2 * L.Count)), q2));
                L.Store(sum + (3 * L.Count), L.Add(L.Load(sum + (3 * L.Count)), q3));
                L.Store(sum + (4 * L.Count), L.Add(L.Load(sum + (4 * L.Count)), q4));
                L.Store(sum + (5 * L.Count), L.Add(L.Load(sum + (5 * L.Count)), q5));
                L.Store(sum + (6 * L.Count), L.Add(L.Load(sum + (6 * L.Count)), q6));
                L.Store(sum + (7 * L.Count), L.Add(L.Load(sum + (7 * L.Count)), q7));
                if (!keepShares)
                    continue;
                L.Store(term, q0);
                L.Store(term + L.Count, q1);
                L.Store(term + (2 * L.Count), q2);
                L.Store(term + (3 * L.Count), q3);
                L.Store(term + (4 * L.Count), q4);
                L.Store(term + (5 * L.Count), q5);
                L.Store(term + (6 * L.Count), q6);
                L.Store(term + (7 * L.Count), q7);
            }

            Finish(sum, largest);
        }
    }

    /// <summary>On its own, so that its constants don't take the loop's registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Finish(double* sums, double* nats)
    {
        double* inverses = Eighths.Inverses, logarithms = Eighths.Logarithms;
        for (nint i = 0; i < 8 * L.Count; i += L.Count)
            L.Store(nats + i, L.MultiplyAdd(L.Load(nats + i), L.Broadcast(Ln2), Fp64<T, L>.Log(L.Load(sums + i), inverses, logarithms)));
    }

    /// <summary>The greatest of each point's terms, or NaN where one is; and clears the sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Greatest(double* terms, nint step, nint end, double* largest, double* sums)
    {
        for (nint i = 0; i < 8 * L.Count; i += 2 * L.Count)
        {
            double* t = terms + i;
            T a = L.Load(t), b = L.Load(t + L.Count);
            for (nint k = step; k < end; k += step)
            {
                a = L.Maximum(L.Load(t + k), a);
                b = L.Maximum(L.Load(t + k + L.Count), b);
            }

            L.Store(largest + i, a);
            L.Store(largest + i + L.Count, b);
            L.Store(sums + i, L.Zero);
            L.Store(sums + i + L.Count, L.Zero);
        }
    }
}
