using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Sweep.Diffusion.Numerics;
using Sweep.Diffusion.Numerics.Lanes;

namespace Sweep.Diffusion.Datasets;

/// <summary>
/// Log-density and score of a mixture of N(mean_k, std_k^2 I) in fp64, a block of points at a time, the same bits on every vector path. Immutable and
/// thread-safe. Exponents are kept in base 2: b_k - |x - mean_k|^2 log2(e) / (2 std_k^2), so that log-sum-exp needs no multiplication to reduce them.
/// </summary>
internal abstract unsafe class IsotropicMixture
{
    private readonly double[] _means, _scales, _offsets;

    /// <param name="means">(K, d).</param>
    /// <param name="stds">(K), greater than 0.</param>
    /// <param name="logCoefficients">(K): log of weight and normalising constant.</param>
    protected IsotropicMixture(ReadOnlySpan<double> means, ReadOnlySpan<double> stds, ReadOnlySpan<double> logCoefficients)
    {
        Components = stds.Length;
        Dimensions = means.Length / Components;
        PaddedComponents = (Components + 3) & ~3;
        _means = new double[PaddedComponents * Dimensions];
        _scales = new double[PaddedComponents];
        _offsets = new double[PaddedComponents];
        for (int k = 0; k < Components; k++)
        {
            _scales[k] = -0.5 * Log2E / (stds[k] * stds[k]);
            _offsets[k] = Log2E * logCoefficients[k];
            for (int j = 0; j < Dimensions; j++)
                _means[((((k / 4) * Dimensions) + j) * 4) + (k % 4)] = means[(k * Dimensions) + j];
        }
    }

    public int Components { get; }

    public int Dimensions { get; }

    protected const double Log2E = 1.4426950408889634;
    protected const double Ln2 = 0.6931471805599453;

    /// <summary>K rounded up to groups of four; what lies beyond K is computed and not used.</summary>
    protected int PaddedComponents { get; }

    public static IsotropicMixture Create(ReadOnlySpan<double> means, ReadOnlySpan<double> stds, ReadOnlySpan<double> logCoefficients, VectorPath path) =>
        path switch
    {
        VectorPath.Vector512 => new IsotropicMixture<Vector512<double>, Doubles512>(means, stds, logCoefficients),
        VectorPath.Vector256 => new IsotropicMixture<Vector256<double>, Doubles256>(means, stds, logCoefficients),
        _ => new IsotropicMixture<double, DoublesScalar>(means, stds, logCoefficients),
    };

    /// <param name="points">(n, d) row-major.</param>
    /// <param name="nats">(n), or empty when not wanted.</param>
    /// <param name="scores">(n, d), or empty when not wanted.</param>
    public void Evaluate(ReadOnlySpan<double> points, Span<double> nats, Span<double> scores)
    {
        const int Alignment = 8;
        bool wantScores = !scores.IsEmpty;
        int d = Dimensions, count = points.Length / d, columns = d * PointBlock.Rows;
        double[] rented = ArrayPool<double>.Shared.Rent(((2 * columns) + ((PaddedComponents + 2) * PointBlock.Rows)) + Alignment);
        fixed (double* memory = rented, source = points, means = _means, scales = _scales, offsets = _offsets, natsTarget = nats, scoresTarget = scores)
        {
            double* x = (double*)(((nint)memory + 63) & ~63), score = x + columns, terms = score + columns, sums = terms + (PaddedComponents * PointBlock.Rows),
                result = sums + PointBlock.Rows;
            for (nint first = 0; first < count; first += PointBlock.Rows)
            {
                int rows = (int)Math.Min(PointBlock.Rows, count - first);
                Block(source + (first * d), rows, means, scales, offsets, x, terms, sums, result, wantScores ? score : null);
                if (!nats.IsEmpty)
                    new ReadOnlySpan<double>(result, rows).CopyTo(new Span<double>(natsTarget + first, rows));
                if (wantScores)
                    PointBlock.Transpose(score, PointBlock.Rows, scoresTarget + (first * d), d, d, rows);
            }
        }

        ArrayPool<double>.Shared.Return(rented);
    }

    /// <param name="points">(rows, d).</param>
    /// <param name="rows">1 to <see cref="PointBlock.Rows"/>.</param>
    /// <param name="means">(K / 4, d, 4).</param>
    /// <param name="scales">(K): -log2(e) / (2 std^2).</param>
    /// <param name="offsets">(K): log2 of weight and normalising constant.</param>
    /// <param name="x">Scratch, (d, Rows).</param>
    /// <param name="terms">Scratch, (K, Rows).</param>
    /// <param name="sums">Scratch, (Rows).</param>
    /// <param name="nats">(Rows).</param>
    /// <param name="score">(d, Rows), or null when not wanted.</param>
    protected abstract void Block(double* points, int rows, double* means, double* scales, double* offsets, double* x, double* terms, double* sums,
        double* nats, double* score);
}

/// <inheritdoc/>
internal sealed unsafe class IsotropicMixture<T, L>(ReadOnlySpan<double> means, ReadOnlySpan<double> stds, ReadOnlySpan<double> logCoefficients)
    : IsotropicMixture(means, stds, logCoefficients)
    where T : unmanaged
    where L : struct, IDoubleLanes<T>
{
    /// <inheritdoc/>
    protected override void Block(double* points, int rows, double* means, double* scales, double* offsets, double* x, double* terms, double* sums,
        double* nats, double* score)
    {
        PointBlock.Load<T, L>(points, Dimensions, rows, x);
        rows = (rows + 15) & ~15;
        Terms(x, rows, means, scales, offsets, terms);
        LogSumExp<T, L>.Run(terms, PointBlock.Rows, Components, rows, nats, sums, keepShares: score is not null);
        if (score is not null)
            Scores(x, rows, means, scales, terms, sums, score);
    }

    /// <summary>The exponents in base 2: two registers of points and four components at a time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Terms(double* x, int rows, double* means, double* scales, double* offsets, double* terms)
    {
        nint d = Dimensions, step = PointBlock.Rows;
        for (nint k = 0; k < PaddedComponents; k += 4, means += 4 * d, terms += 4 * step)
        {
            T scale0 = L.Broadcast(scales[k]), scale1 = L.Broadcast(scales[k + 1]), scale2 = L.Broadcast(scales[k + 2]), scale3 = L.Broadcast(scales[k + 3]);
            T offset0 = L.Broadcast(offsets[k]), offset1 = L.Broadcast(offsets[k + 1]), offset2 = L.Broadcast(offsets[k + 2]),
                offset3 = L.Broadcast(offsets[k + 3]);
            for (nint row = 0; row < rows; row += 2 * L.Count)
            {
                T s0a = L.Zero, s0b = L.Zero, s1a = L.Zero, s1b = L.Zero, s2a = L.Zero, s2b = L.Zero, s3a = L.Zero, s3b = L.Zero;
                double* column = x + row, m = means;
                for (nint j = d; j != 0; j--, column += step, m += 4)
                {
                    T xa = L.Load(column), xb = L.Load(column + L.Count);
                    T mean = L.Broadcast(m[0]), a = L.Subtract(xa, mean), b = L.Subtract(xb, mean);
                    s0a = L.MultiplyAdd(a, a, s0a);
                    s0b = L.MultiplyAdd(b, b, s0b);
                    mean = L.Broadcast(m[1]);
                    a = L.Subtract(xa, mean);
                    b = L.Subtract(xb, mean);
                    s1a = L.MultiplyAdd(a, a, s1a);
                    s1b = L.MultiplyAdd(b, b, s1b);
                    mean = L.Broadcast(m[2]);
                    a = L.Subtract(xa, mean);
                    b = L.Subtract(xb, mean);
                    s2a = L.MultiplyAdd(a, a, s2a);
                    s2b = L.MultiplyAdd(b, b, s2b);
                    mean = L.Broadcast(m[3]);
                    a = L.Subtract(xa, mean);
                    b = L.Subtract(xb, mean);
                    s3a = L.MultiplyAdd(a, a, s3a);
                    s3b = L.MultiplyAdd(b, b, s3b);
                }

                double* t = terms + row;
                L.Store(t, L.MultiplyAdd(s0a, scale0, offset0));
                L.Store(t + L.Count, L.MultiplyAdd(s0b, scale0, offset0));
                L.Store(t + step, L.MultiplyAdd(s1a, scale1, offset1));
                L.Store(t + step + L.Count, L.MultiplyAdd(s1b, scale1, offset1));
                L.Store(t + (2 * step), L.MultiplyAdd(s2a, scale2, offset2));
                L.Store(t + (2 * step) + L.Count, L.MultiplyAdd(s2b, scale2, offset2));
                L.Store(t + (3 * step), L.MultiplyAdd(s3a, scale3, offset3));
                L.Store(t + (3 * step) + L.Count, L.MultiplyAdd(s3b, scale3, offset3));
            }
        }
    }

    /// <summary>score = sum of share_k (mean_k - x) / std_k^2, over the shares' sum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Scores(double* x, int rows, double* means, double* scales, double* terms, double* sums, double* score)
    {
        nint d = Dimensions, step = PointBlock.Rows;
        for (nint row = 0; row < rows; row += L.Count)
        {
            for (nint k = 0; k < Components; k++)
            {
                double* t = terms + (k * step) + row;
                L.Store(t, L.Multiply(L.Load(t), L.Broadcast(-2 * Ln2 * scales[k])));
            }

            T sum = L.Load(sums + row);
            for (nint j = 0; j < d; j++)
            {
                T xj = L.Load(x + (j * step) + row), total = L.Zero;
                for (nint k = 0; k < Components; k++)
                {
                    T mean = L.Broadcast(means[((((k >> 2) * d) + j) * 4) + (k & 3)]);
                    total = L.MultiplyAdd(L.Load(terms + (k * step) + row), L.Subtract(mean, xj), total);
                }

                L.Store(score + (j * step) + row, L.Divide(total, sum));
            }
        }
    }
}
