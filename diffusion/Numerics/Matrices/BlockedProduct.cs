using System.Buffers;
using System.Runtime.Intrinsics;
using Sweep.Diffusion.Numerics.Lanes;

namespace Sweep.Diffusion.Numerics.Matrices;

/// <summary>
/// C = scale A B, or that added to C, in fp64 for matrices of hundreds of rows. Both factors are copied into panels that the kernel reads in order (Goto and
/// van de Geijn, "Anatomy of high-performance matrix multiplication", ACM TOMS 34, 2008). An element is the sum over blocks of <see cref="DepthBlock"/> of
/// chains of fused multiply-adds: the same bits at every vector width.
/// </summary>
internal static class BlockedProduct
{
    /// <summary>Columns of A that are multiplied at a time: a panel of B then fits the first-level cache.</summary>
    internal const int DepthBlock = 256;

    /// <summary>Rows of A that are packed at a time: they then fit the second-level cache.</summary>
    internal const int RowBlock = 96;

    /// <summary>Rows that are mirrored at a time, so that cache lines are written whole.</summary>
    private const int MirrorBlock = 32;

    /// <summary>C = scale A B.</summary>
    /// <param name="a">(m, k).</param>
    /// <param name="b">(k, n).</param>
    /// <param name="c">Row-major (m, n); no part of a factor.</param>
    /// <param name="cStep">C's row step; 0: n.</param>
    /// <param name="scale">A factor.</param>
    public static void Set(MatrixView a, MatrixView b, Span<double> c, int cStep = 0, double scale = 1) => Run(a, b, c, cStep, scale, add: false, lower: false);

    /// <summary>C += scale A B.</summary>
    /// <inheritdoc cref="Set"/>
    public static void Add(MatrixView a, MatrixView b, Span<double> c, int cStep = 0, double scale = 1) => Run(a, b, c, cStep, scale, add: true, lower: false);

    /// <summary>C = scale A B where that is known to be symmetric: half the work.</summary>
    /// <inheritdoc cref="Set"/>
    public static void SetSymmetric(MatrixView a, MatrixView b, Span<double> c, int cStep = 0, double scale = 1) =>
        Symmetric(a, b, c, cStep, scale, add: false);

    /// <summary>C += scale A B where both are symmetric: half the work.</summary>
    /// <inheritdoc cref="Set"/>
    public static void AddSymmetric(MatrixView a, MatrixView b, Span<double> c, int cStep = 0, double scale = 1) => Symmetric(a, b, c, cStep, scale, add: true);

    /// <summary>As the others, on a path of one's choice.</summary>
    internal static void Run(MatrixView a, MatrixView b, Span<double> c, int cStep, double scale, bool add, bool lower, VectorPath? path = null)
    {
        int step = cStep == 0 ? b.Columns : cStep;
        if (a.Columns != b.Rows || step < b.Columns || c.Length < ((a.Rows - 1) * (long)step) + b.Columns)
            throw new ArgumentException(
                $"{a.Rows} x {a.Columns} times {b.Rows} x {b.Columns} into {c.Length} values, row step {step}; allowed: factors and room that fit", nameof(c));
        switch (path ?? VectorPaths.Best)
        {
            case VectorPath.Vector512:
                Run<Vector512<double>, Doubles512>(a, b, c, step, scale, add, lower);
                break;
            case VectorPath.Vector256:
                Run<Vector256<double>, Doubles256>(a, b, c, step, scale, add, lower);
                break;
            default:
                Run<double, DoublesScalar>(a, b, c, step, scale, add, lower);
                break;
        }
    }

    private static void Symmetric(MatrixView a, MatrixView b, Span<double> c, int cStep, double scale, bool add)
    {
        Run(a, b, c, cStep, scale, add, lower: true);
        int step = cStep == 0 ? b.Columns : cStep;
        for (int row = 0; row < a.Rows; row += MirrorBlock)
        {
            for (int j = 0; j < Math.Min(row + MirrorBlock, a.Rows); j++)
            {
                for (int i = Math.Max(row, j + 1); i < Math.Min(row + MirrorBlock, a.Rows); i++)
                    c[(j * step) + i] = c[(i * step) + j];
            }
        }
    }

    private static void Run<T, L>(MatrixView a, MatrixView b, Span<double> c, int step, double scale, bool add, bool lower)
        where T : unmanaged
        where L : struct, IDoubleLanes<T>
    {
        var kernel = new PackedPanels<T, L>(b.Columns, Math.Min(a.Columns, DepthBlock));
        double[] room = ArrayPool<double>.Shared.Rent(kernel.Room);
        for (int k = 0; k < a.Columns; k += DepthBlock)
            kernel.Multiply(a, b, k, Math.Min(DepthBlock, a.Columns - k), c, step, scale, add || k > 0, lower, room);
        ArrayPool<double>.Shared.Return(room);
    }
}
