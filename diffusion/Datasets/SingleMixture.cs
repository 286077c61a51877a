using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Sweep.Diffusion.Numerics;
using Sweep.Diffusion.Numerics.Lanes;

namespace Sweep.Diffusion.Datasets;

/// <summary>
/// Log-density of a mixture of N(mean_k, std_k^2 I) in fp32, the same bits on every vector path: twice the lanes of <see cref="IsotropicMixture"/> and a
/// shorter polynomial. Immutable and thread-safe. Distances are of differences, not of expanded squares, so that nothing cancels: the error is 5e-7 of 1 + the
/// squared distance to the nearest component in its standard deviations, besides what rounding the points and means to fp32 does.
/// </summary>
internal abstract unsafe class SingleMixture
{
    /// <summary>Points in a block, and floats from one column to the next.</summary>
    protected const int Rows = 256;

    /// <summary>Components that are worked on at once.</summary>
    protected const int Group = 8;

    private const double Log2E = 1.4426950408889634;
    private readonly float[] _means, _scales, _offsets;

    /// <param name="means">(K, d).</param>
    /// <param name="stds">(K), greater than 0.</param>
    /// <param name="logCoefficients">(K): log of weight and normalising constant.</param>
    protected SingleMixture(ReadOnlySpan<double> means, ReadOnlySpan<double> stds, ReadOnlySpan<double> logCoefficients)
    {
        int components = stds.Length;
        Dimensions = means.Length / components;
        Groups = (components + Group - 1) / Group;
        _means = new float[Groups * Group * Dimensions];
        _scales = new float[Groups * Group];
        _offsets = new float[Groups * Group];

        // Padding of the last group has weight 0.
        Array.Fill(_offsets, -1e30f);
        for (int k = 0; k < components; k++)
        {
            _scales[k] = (float)(-0.5 * Log2E / (stds[k] * stds[k]));
            _offsets[k] = (float)(Log2E * logCoefficients[k]);
            for (int j = 0; j < Dimensions; j++)
                _means[((((k / 4) * Dimensions) + j) * 4) + (k % 4)] = (float)means[(k * Dimensions) + j];
        }
    }

    protected int Dimensions { get; }

    protected int Groups { get; }

    public static SingleMixture Create(ReadOnlySpan<double> means, ReadOnlySpan<double> stds, ReadOnlySpan<double> logCoefficients, VectorPath path) =>
        path switch
    {
        VectorPath.Vector512 => new SingleMixture<Vector512<float>, Lanes512>(means, stds, logCoefficients),
        VectorPath.Vector256 => new SingleMixture<Vector256<float>, Lanes256>(means, stds, logCoefficients),
        _ => new SingleMixture<float, LanesScalar>(means, stds, logCoefficients),
    };

    /// <summary>Whether all come out finite: a point may be too far out for fp32, or be no number.</summary>
    /// <param name="points">(n, d) row-major.</param>
    /// <param name="nats">(n).</param>
    public bool LogDensity(ReadOnlySpan<float> points, Span<float> nats)
    {
        const int Register = 16;
        int d = Dimensions, count = points.Length / d;
        float[] rented = ArrayPool<float>.Shared.Rent((2 * Register) + ((d + (Group * Groups) + 3) * Rows));
        bool finite;
        fixed (float* memory = rented, source = points, means = _means, scales = _scales, offsets = _offsets, target = nats)
        {
            float* spoilt = (float*)(((nint)memory + 63) & ~63), result = spoilt + Register, x = result + Rows, scratch = x + (d * Rows);
            new Span<float>(spoilt, Register).Clear();
            for (nint first = 0; first < count; first += Rows)
            {
                int rows = (int)Math.Min(Rows, count - first);
                Columns(source + (first * d), rows, x);
                Block(x, means, scales, offsets, scratch, rows == Rows ? target + first : result, spoilt);
                if (rows < Rows)
                    new ReadOnlySpan<float>(result, rows).CopyTo(new Span<float>(target + first, rows));
            }

            finite = !new ReadOnlySpan<float>(spoilt, Register).ContainsAnyExcept(0f);
        }

        ArrayPool<float>.Shared.Return(rented);
        return finite;
    }

    /// <summary>One block of <see cref="Rows"/> points.</summary>
    /// <param name="x">(d, Rows).</param>
    /// <param name="means">(K / 4, d, 4).</param>
    /// <param name="scales">(K): -log2(e) / (2 std^2).</param>
    /// <param name="offsets">(K): log2 of weight and normalising constant.</param>
    /// <param name="scratch">(2 + K, Rows).</param>
    /// <param name="nats">(Rows).</param>
    /// <param name="spoilt">A register: NaN is added where an answer is not finite, else 0.</param>
    protected abstract void Block(float* x, float* means, float* scales, float* offsets, float* scratch, float* nats, float* spoilt);

    /// <summary>The last row fills the block up.</summary>
    private void Columns(float* points, int rows, float* x)
    {
        int d = Dimensions;
        Transposition.Run(points, d, x, Rows, rows, d);
        for (int j = 0; rows < Rows && j < d; j++)
            new Span<float>(x + (j * Rows) + rows, Rows - rows).Fill(points[((rows - 1) * d) + j]);
    }
}

/// <inheritdoc/>
/// <remarks>
/// Exponents are in base 2: t_k = b_k - |x - mean_k|^2 log2(e) / (2 std_k^2), with the greatest taken out. 2^t = 2^floor(t) 2^f with f in [0, 1); 2^f = 1 + f
/// q(f), error 8.2e-8 of it (a least-maximum fit), exactly 1 for the greatest. Distances take two registers of points and four components at a time (a
/// broadcast then serves two), powers a register and eight terms; each keeps the units busy with its own chains, and they are loops of their own because a
/// processor looks ahead over only so many operations.
/// </remarks>
internal sealed unsafe class SingleMixture<T, L>(ReadOnlySpan<double> means, ReadOnlySpan<double> stds, ReadOnlySpan<double> logCoefficients)
    : SingleMixture(means, stds, logCoefficients)
    where T : unmanaged
    where L : struct, ILanes<T>
{
    // q's coefficients, 2^f = 1 + f q(f).
    private const float Q0 = 0.6931512951850891f, Q1 = 0.24016444385051727f, Q2 = 0.055799923837184906f, Q3 = 0.009017016738653183f,
        Q4 = 0.0018671354046091437f;
    private const float Ln2 = 0.6931472f;

    /// <inheritdoc/>
    protected override void Block(float* x, float* means, float* scales, float* offsets, float* scratch, float* nats, float* spoilt)
    {
        nint d = Dimensions;
        float* greatest = scratch, sums = scratch + Rows, terms = sums + Rows;
        for (int group = 0; group < Groups; group++)
            Terms(x, d, means + (group * Group * d), scales + (group * Group), offsets + (group * Group), terms + (group * Group * Rows), greatest, group == 0);
        for (int group = 0; group < Groups; group++)
            Powers(terms + (group * Group * Rows), greatest, sums, group == 0);
        Finish(sums, greatest, nats, spoilt);
    }

    /// <summary>A group's exponents.</summary>
    /// <param name="x">(d, Rows).</param>
    /// <param name="d">d.</param>
    /// <param name="means">(Group / 4, d, 4).</param>
    /// <param name="scales">(Group).</param>
    /// <param name="offsets">(Group).</param>
    /// <param name="terms">(Group, Rows).</param>
    /// <param name="greatest">(Rows): raised to the greatest.</param>
    /// <param name="first">Whether the greatest are none yet.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Terms(float* x, nint d, float* means, float* scales, float* offsets, float* terms, float* greatest, bool first)
    {
        for (nint row = 0; row < Rows; row += 2 * L.Count)
        {
            float* t = terms + row, m = means;
            T topA = first ? L.Broadcast(float.NegativeInfinity) : L.Load(greatest + row), topB = first ? topA : L.Load(greatest + row + L.Count);
            for (nint k = 0; k < Group; k += 4, t += 4 * Rows)
            {
                float* column = x + row;
                T a0 = L.Zero, a1 = L.Zero, a2 = L.Zero, a3 = L.Zero, b0 = L.Zero, b1 = L.Zero, b2 = L.Zero, b3 = L.Zero;
                for (nint j = d; j != 0; j--, column += Rows, m += 4)
                {
                    T ca = L.Load(column), cb = L.Load(column + L.Count);
                    T mean = L.Broadcast(m[0]), a = L.Subtract(ca, mean), b = L.Subtract(cb, mean);
                    a0 = L.MultiplyAdd(a, a, a0);
                    b0 = L.MultiplyAdd(b, b, b0);
                    mean = L.Broadcast(m[1]);
                    a = L.Subtract(ca, mean);
                    b = L.Subtract(cb, mean);
                    a1 = L.MultiplyAdd(a, a, a1);
                    b1 = L.MultiplyAdd(b, b, b1);
                    mean = L.Broadcast(m[2]);
                    a = L.Subtract(ca, mean);
                    b = L.Subtract(cb, mean);
                    a2 = L.MultiplyAdd(a, a, a2);
                    b2 = L.MultiplyAdd(b, b, b2);
                    mean = L.Broadcast(m[3]);
                    a = L.Subtract(ca, mean);
                    b = L.Subtract(cb, mean);
                    a3 = L.MultiplyAdd(a, a, a3);
                    b3 = L.MultiplyAdd(b, b, b3);
                }

                T scale = L.Broadcast(scales[k]), offset = L.Broadcast(offsets[k]);
                a0 = L.MultiplyAdd(a0, scale, offset);
                b0 = L.MultiplyAdd(b0, scale, offset);
                scale = L.Broadcast(scales[k + 1]);
                offset = L.Broadcast(offsets[k + 1]);
                a1 = L.MultiplyAdd(a1, scale, offset);
                b1 = L.MultiplyAdd(b1, scale, offset);
                scale = L.Broadcast(scales[k + 2]);
                offset = L.Broadcast(offsets[k + 2]);
                a2 = L.MultiplyAdd(a2, scale, offset);
                b2 = L.MultiplyAdd(b2, scale, offset);
                scale = L.Broadcast(scales[k + 3]);
                offset = L.Broadcast(offsets[k + 3]);
                a3 = L.MultiplyAdd(a3, scale, offset);
                b3 = L.MultiplyAdd(b3, scale, offset);
                L.Store(t, a0);
                L.Store(t + L.Count, b0);
                L.Store(t + Rows, a1);
                L.Store(t + Rows + L.Count, b1);
                L.Store(t + (2 * Rows), a2);
                L.Store(t + (2 * Rows) + L.Count, b2);
                L.Store(t + (3 * Rows), a3);
                L.Store(t + (3 * Rows) + L.Count, b3);
                topA = L.Maximum(topA, L.Maximum(L.Maximum(a0, a1), L.Maximum(a2, a3)));
                topB = L.Maximum(topB, L.Maximum(L.Maximum(b0, b1), L.Maximum(b2, b3)));
            }

            L.Store(greatest + row, topA);
            L.Store(greatest + row + L.Count, topB);
        }
    }

    /// <summary>Adds 2^(term - the greatest) of a group's terms to the sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Powers(float* terms, float* greatest, float* sums, bool first)
    {
        for (nint row = 0; row < Rows; row += L.Count)
        {
            float* t = terms + row;
            T top = L.Load(greatest + row);
            T t0 = L.Subtract(L.Load(t), top);
            T t1 = L.Subtract(L.Load(t + Rows), top);
            T t2 = L.Subtract(L.Load(t + (2 * Rows)), top);
            T t3 = L.Subtract(L.Load(t + (3 * Rows)), top);
            T t4 = L.Subtract(L.Load(t + (4 * Rows)), top);
            T t5 = L.Subtract(L.Load(t + (5 * Rows)), top);
            T t6 = L.Subtract(L.Load(t + (6 * Rows)), top);
            T t7 = L.Subtract(L.Load(t + (7 * Rows)), top);
            T f0 = L.Fraction(t0);
            T f1 = L.Fraction(t1);
            T f2 = L.Fraction(t2);
            T f3 = L.Fraction(t3);
            T f4 = L.Fraction(t4);
            T f5 = L.Fraction(t5);
            T f6 = L.Fraction(t6);
            T f7 = L.Fraction(t7);
            T a = L.Broadcast(Q4), b = L.Broadcast(Q3);
            T q0 = L.MultiplyAdd(a, f0, b);
            T q1 = L.MultiplyAdd(a, f1, b);
            T q2 = L.MultiplyAdd(a, f2, b);
            T q3 = L.MultiplyAdd(a, f3, b);
            T q4 = L.MultiplyAdd(a, f4, b);
            T q5 = L.MultiplyAdd(a, f5, b);
            T q6 = L.MultiplyAdd(a, f6, b);
            T q7 = L.MultiplyAdd(a, f7, b);
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
            b = L.Broadcast(1);
            q0 = L.MultiplyAdd(q0, f0, b);
            q1 = L.MultiplyAdd(q1, f1, b);
            q2 = L.MultiplyAdd(q2, f2, b);
            q3 = L.MultiplyAdd(q3, f3, b);
            q4 = L.MultiplyAdd(q4, f4, b);
            q5 = L.MultiplyAdd(q5, f5, b);
            q6 = L.MultiplyAdd(q6, f6, b);
            q7 = L.MultiplyAdd(q7, f7, b);
            T low = L.Add(L.Add(L.ScaleByFloor(q0, t0), L.ScaleByFloor(q1, t1)), L.Add(L.ScaleByFloor(q2, t2), L.ScaleByFloor(q3, t3)));
            T high = L.Add(L.Add(L.ScaleByFloor(q4, t4), L.ScaleByFloor(q5, t5)), L.Add(L.ScaleByFloor(q6, t6), L.ScaleByFloor(q7, t7)));
            low = L.Add(low, high);
            L.Store(sums + row, first ? low : L.Add(L.Load(sums + row), low));
        }
    }

    /// <summary>nats = ln 2 greatest + ln sum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Finish(float* sums, float* greatest, float* nats, float* spoilt)
    {
        T bad = L.Load(spoilt);
        for (nint row = 0; row < Rows; row += 2 * L.Count)
        {
            T a = L.MultiplyAdd(L.Load(greatest + row), L.Broadcast(Ln2), LogSum(L.Load(sums + row)));
            T b = L.MultiplyAdd(L.Load(greatest + row + L.Count), L.Broadcast(Ln2), LogSum(L.Load(sums + row + L.Count)));
            L.Store(nats + row, a);
            L.Store(nats + row + L.Count, b);

            // 0 times a finite number is 0, and NaN otherwise.
            bad = L.MultiplyAdd(a, L.Zero, L.MultiplyAdd(b, L.Zero, bad));
        }

        L.Store(spoilt, bad);
    }

    /// <summary>
    /// ln(s), s at least 1: <see cref="Fp32{T, L}.Log"/>'s polynomial in pairs (Estrin), because here it is the chain of dependent operations that takes time.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T LogSum(T s)
    {
        const uint SqrtHalf = 0x3F3504F3, Bias = 0x3F800000 - SqrtHalf;
        T offset = L.AddBits(s, L.BroadcastBits(Bias));
        T k = L.Subtract(L.ToFloat(L.ShiftRight(offset, 23)), L.Broadcast(127f));
        T f = L.Subtract(L.AddBits(L.And(offset, L.BroadcastBits(0x007FFFFF)), L.BroadcastBits(SqrtHalf)), L.Broadcast(1f));
        T f2 = L.Multiply(f, f);
        T p0 = L.MultiplyAdd(L.Broadcast(-0.25000810623168945f), f, L.Broadcast(0.33333316445350647f));
        T p1 = L.MultiplyAdd(L.Broadcast(-0.1662455052137375f), f, L.Broadcast(0.2000228613615036f));
        T p2 = L.MultiplyAdd(L.Broadcast(-0.1312880963087082f), f, L.Broadcast(0.14181210100650787f));
        T p3 = L.MultiplyAdd(L.Broadcast(-0.07859333604574203f), f, L.Broadcast(0.1288154125213623f));
        T f4 = L.Multiply(f2, f2);
        T p = L.MultiplyAdd(L.MultiplyAdd(p3, f2, p2), f4, L.MultiplyAdd(p1, f2, p0));
        T low = L.MultiplyAdd(f2, L.Broadcast(-0.5f), f);
        return L.MultiplyAdd(k, L.Broadcast(Ln2), L.MultiplyAdd(L.Multiply(f2, f), p, low));
    }
}
