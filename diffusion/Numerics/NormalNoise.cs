using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Sweep.Diffusion.Numerics.Lanes;

namespace Sweep.Diffusion.Numerics;

/// <summary>
/// Standard normal fp32 noise as a pure function of (seed, purpose, step, row, column): Box and Muller's transform of <see cref="Philox"/> words. Block b of a
/// row gives columns 4b to 4b + 3: words A and B the first two, C and D the others, a radius from the first (32 bits: up to 6.66 standard deviations) and an
/// angle from the second. The vector paths and the scalar one agree bit for bit. Thread-safe; allocates nothing.
/// </summary>
public static class NormalNoise
{
    /// <summary>Fills row-major (rows, <paramref name="dimensions"/>) noise; row i of the span is row <paramref name="firstRow"/> + i.</summary>
    /// <exception cref="ArgumentException">The span is not a whole number of rows.</exception>
    public static void Fill(Span<float> noise, ulong seed, NoisePurpose purpose, uint step, uint firstRow, int dimensions) =>
        Fill(noise, seed, purpose, step, firstRow, dimensions, VectorPaths.Best);

    /// <summary>The same numbers, widened to double.</summary>
    /// <exception cref="ArgumentException">The span is not a whole number of rows.</exception>
    [SkipLocalsInit]
    public static void Fill(Span<double> noise, ulong seed, NoisePurpose purpose, uint step, uint firstRow, int dimensions)
    {
        Check(noise.Length, dimensions);
        int rowsAtOnce = Math.Max(1, 1024 / dimensions);
        Span<float> narrow = rowsAtOnce * dimensions <= 1024 ? stackalloc float[1024] : new float[dimensions];
        int rows = noise.Length / dimensions;
        for (int row = 0; row < rows; row += rowsAtOnce)
        {
            int count = Math.Min(rowsAtOnce, rows - row) * dimensions;
            Fill(narrow[..count], seed, purpose, step, firstRow + (uint)row, dimensions);
            System.Numerics.Tensors.TensorPrimitives.ConvertTruncating<float, double>(narrow[..count], noise.Slice(row * dimensions, count));
        }
    }

    internal static unsafe void Fill(Span<float> noise, ulong seed, NoisePurpose purpose, uint step, uint firstRow, int dimensions, VectorPath path)
    {
        Check(noise.Length, dimensions);
        fixed (float* target = noise)
        {
            int rows = noise.Length / dimensions;
            switch (path)
            {
                case VectorPath.Vector512:
                    FillRows<Vector512<float>, Lanes512>(target, dimensions, seed, purpose, step, firstRow, rows, dimensions);
                    break;
                case VectorPath.Vector256:
                    FillRows<Vector256<float>, Lanes256>(target, dimensions, seed, purpose, step, firstRow, rows, dimensions);
                    break;
                default:
                    FillRows<float, LanesScalar>(target, dimensions, seed, purpose, step, firstRow, rows, dimensions);
                    break;
            }
        }
    }

    /// <summary>Rows of noise with <paramref name="stride"/> floats from one to the next.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static unsafe void FillRows<T, L>(float* target, int stride, ulong seed, NoisePurpose purpose, uint step, uint firstRow, int rows, int dimensions)
        where T : unmanaged
        where L : struct, ILanes<T>
    {
        // (4, lanes): column within the block, row within the vector.
        float* scratch = stackalloc float[4 * 16];
        for (int row = 0; row < rows; row += L.Count)
        {
            int count = Math.Min(L.Count, rows - row);
            T rowIds = L.AddBits(L.LaneIndices, L.BroadcastBits(firstRow + (uint)row));
            float* rowTarget = target + ((nint)row * stride);
            for (int column = 0; column < dimensions; column += 4)
            {
                (T a, T b, T c, T d) = PhiloxLanes<T, L>.Words(seed, L.BroadcastBits((uint)column / 4), rowIds, step, purpose);
                (T n0, T n1) = BoxMuller<T, L>(a, b);
                L.Store(scratch, n0);
                L.Store(scratch + L.Count, n1);
                if (dimensions - column > 2)
                {
                    (T n2, T n3) = BoxMuller<T, L>(c, d);
                    L.Store(scratch + (2 * L.Count), n2);
                    L.Store(scratch + (3 * L.Count), n3);
                }

                int columns = Math.Min(4, dimensions - column);
                for (int i = 0; i < count; i++)
                {
                    for (int j = 0; j < columns; j++)
                        rowTarget[(i * stride) + column + j] = scratch[(j * L.Count) + i];
                }
            }
        }
    }

    /// <summary>The same noise column after column, <paramref name="columnStep"/> floats from one to the next; writes whole registers of rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static unsafe void FillColumns<T, L>(float* target, nint columnStep, ulong seed, NoisePurpose purpose, uint step, uint firstRow, int rows,
        int dimensions)
        where T : unmanaged
        where L : struct, ILanes<T>
    {
        for (nint column = 0; column < dimensions; column += 4)
        {
            T block = L.BroadcastBits((uint)column / 4);
            float* t = target + (column * columnStep);
            nint columns = Math.Min(4, dimensions - column), row = 0;
            for (; row + L.Count < rows; row += 2 * L.Count, t += 2 * L.Count)
            {
                T ids = L.AddBits(L.LaneIndices, L.BroadcastBits(firstRow + (uint)row));
                var (first, second) = PhiloxLanes<T, L>.Words(seed, block, ids, L.AddBits(ids, L.BroadcastBits((uint)L.Count)), step, purpose);
                StoreNormals<T, L>(first.A, first.B, t, columnStep, columns);
                StoreNormals<T, L>(second.A, second.B, t + L.Count, columnStep, columns);
                if (columns > 2)
                {
                    StoreNormals<T, L>(first.C, first.D, t + (2 * columnStep), columnStep, columns - 2);
                    StoreNormals<T, L>(second.C, second.D, t + (2 * columnStep) + L.Count, columnStep, columns - 2);
                }
            }

            if (row < rows)
            {
                T ids = L.AddBits(L.LaneIndices, L.BroadcastBits(firstRow + (uint)row));
                (T a, T b, T c, T d) = PhiloxLanes<T, L>.Words(seed, block, ids, step, purpose);
                StoreNormals<T, L>(a, b, t, columnStep, columns);
                if (columns > 2)
                    StoreNormals<T, L>(c, d, t + (2 * columnStep), columnStep, columns - 2);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void StoreNormals<T, L>(T radiusWord, T angleWord, float* target, nint columnStep, nint columns)
        where T : unmanaged
        where L : struct, ILanes<T>
    {
        (T first, T second) = BoxMuller<T, L>(radiusWord, angleWord);
        L.Store(target, first);
        if (columns > 1)
            L.Store(target + columnStep, second);
    }

    /// <summary>Two independent standard normals from two words.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (T First, T Second) BoxMuller<T, L>(T radiusWord, T angleWord)
        where T : unmanaged
        where L : struct, ILanes<T>
    {
        // (word + 1/2) 2^-32 in (0, 1]: the halves convert exactly, so one rounding, and no path needs an unsigned conversion.
        T high = L.ToFloat(L.ShiftRight(radiusWord, 16));
        T low = L.ToFloat(L.And(radiusWord, L.BroadcastBits(0xFFFF)));
        T uniform = L.Multiply(L.MultiplyAdd(high, L.Broadcast(65536f), L.Add(low, L.Broadcast(0.5f))), L.Broadcast(1f / 4294967296f));
        T radius = L.SquareRoot(L.Multiply(L.Broadcast(-2f), Fp32<T, L>.Log(uniform)));
        (T sin, T cos) = Fp32<T, L>.SinCosTurn(angleWord);
        return (L.Multiply(radius, cos), L.Multiply(radius, sin));
    }

    private static void Check(int length, int dimensions)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(dimensions);
        if (length % dimensions != 0)
            throw new ArgumentException($"noise: {length} values; allowed: a whole number of rows of {dimensions}", nameof(length));
    }
}
