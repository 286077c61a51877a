using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Sweep.Diffusion.Numerics.Lanes;

namespace Sweep.Diffusion.Datasets;

/// <summary>
/// Moves blocks of rows (count, d) to columns (d, <see cref="Rows"/>) and back, so that a register holds one coordinate of neighbouring points.
/// </summary>
internal static unsafe class PointBlock
{
    /// <summary>Rows in a full block, and floats from one column to the next: a multiple of two of the widest registers.</summary>
    public const int Rows = 64;

    /// <summary>
    /// Columns of a block's points, the last row repeated up to a multiple of 16. Coordinates are held within <see cref="PointLanes.LargestCoordinate"/>; those
    /// that are not finite become NaN.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Load<T, L>(double* points, int dimensions, int count, double* columns)
        where T : unmanaged
        where L : struct, IDoubleLanes<T>
    {
        Transpose(points, dimensions, columns, Rows, count, dimensions);
        int padded = (count + 15) & ~15;
        for (int row = count; row < padded; row++)
        {
            for (int j = 0; j < dimensions; j++)
                columns[(j * Rows) + row] = columns[(j * Rows) + count - 1];
        }

        if (AnyTooLarge<T, L>(points, (nint)count * dimensions))
            Hold<T, L>(columns, dimensions, padded);
    }

    /// <summary>Writes the transpose of (rows, columns), a row stride each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Transpose(double* source, int sourceStride, double* target, int targetStride, int rows, int columns)
    {
        int doneRows = 0, doneColumns = 0;
        if (Avx512F.IsSupported && columns % 8 == 0)
        {
            (doneRows, doneColumns) = (rows & ~7, columns);
            for (nint row = 0; row < doneRows; row += 8)
            {
                for (nint column = 0; column < columns; column += 8)
                    Square8(source + (row * sourceStride) + column, sourceStride, target + (column * targetStride) + row, targetStride);
            }
        }
        else if (Avx2.IsSupported && columns == 2 && sourceStride == 2)
        {
            (doneRows, doneColumns) = (rows & ~3, 2);
            for (nint row = 0; row < doneRows; row += 4)
                Pairs(source + (2 * row), target + row, targetStride);
        }
        else if (Avx2.IsSupported)
        {
            (doneRows, doneColumns) = (rows & ~3, columns & ~3);
            for (nint row = 0; row < doneRows; row += 4)
            {
                for (nint column = 0; column < doneColumns; column += 4)
                    Square4(source + (row * sourceStride) + column, sourceStride, target + (column * targetStride) + row, targetStride);
            }
        }

        for (nint column = 0; column < columns; column++)
        {
            for (nint row = column < doneColumns ? doneRows : 0; row < rows; row++)
                target[(column * targetStride) + row] = source[(row * sourceStride) + column];
        }
    }

    /// <summary>Looked for first, because it is rare. A NaN doesn't count: it comes through any arithmetic.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool AnyTooLarge<T, L>(double* values, nint count)
        where T : unmanaged
        where L : struct, IDoubleLanes<T>
    {
        T magnitude = L.BroadcastBits(0x7FFFFFFFFFFFFFFF), largest = L.Zero, other = L.Zero;
        nint i = 0;
        for (; i + (2 * L.Count) <= count; i += 2 * L.Count)
        {
            largest = L.Maximum(L.And(L.Load(values + i), magnitude), largest);
            other = L.Maximum(L.And(L.Load(values + i + L.Count), magnitude), other);
        }

        bool any = L.AnyGreaterThan(L.Maximum(largest, other), L.Broadcast(PointLanes.LargestCoordinate));
        for (; i < count; i++)
            any |= Math.Abs(values[i]) > PointLanes.LargestCoordinate;
        return any;
    }

    /// <summary>v - v is 0 for a finite v and NaN for any other.</summary>
    private static void Hold<T, L>(double* columns, int dimensions, int padded)
        where T : unmanaged
        where L : struct, IDoubleLanes<T>
    {
        T limit = L.Broadcast(PointLanes.LargestCoordinate), least = L.Broadcast(-PointLanes.LargestCoordinate);
        for (int j = 0; j < dimensions; j++)
        {
            double* column = columns + (j * Rows);
            for (int row = 0; row < padded; row += L.Count)
            {
                T v = L.Load(column + row);
                L.Store(column + row, L.Add(L.Minimum(limit, L.Maximum(least, v)), L.Subtract(v, v)));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Square4(double* source, nint sourceStride, double* target, nint targetStride)
    {
        var a = Vector256.Load(source);
        var b = Vector256.Load(source + sourceStride);
        var c = Vector256.Load(source + (2 * sourceStride));
        var d = Vector256.Load(source + (3 * sourceStride));
        var ab0 = Avx.UnpackLow(a, b);
        var ab1 = Avx.UnpackHigh(a, b);
        var cd0 = Avx.UnpackLow(c, d);
        var cd1 = Avx.UnpackHigh(c, d);
        Avx.Permute2x128(ab0, cd0, 0x20).Store(target);
        Avx.Permute2x128(ab1, cd1, 0x20).Store(target + targetStride);
        Avx.Permute2x128(ab0, cd0, 0x31).Store(target + (2 * targetStride));
        Avx.Permute2x128(ab1, cd1, 0x31).Store(target + (3 * targetStride));
    }

    /// <summary>Four rows of two.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pairs(double* source, double* target, nint targetStride)
    {
        var a = Vector256.Load(source);
        var b = Vector256.Load(source + 4);
        var low = Avx.Permute2x128(a, b, 0x20);
        var high = Avx.Permute2x128(a, b, 0x31);
        Avx.UnpackLow(low, high).Store(target);
        Avx.UnpackHigh(low, high).Store(target + targetStride);
    }

    /// <summary>In three stages, each of which leaves rows twice as long in twice as large pieces: pairs, halves' quarters, halves.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Square8(double* source, nint sourceStride, double* target, nint targetStride)
    {
        var a = Vector512.Load(source);
        var b = Vector512.Load(source + sourceStride);
        var c = Vector512.Load(source + (2 * sourceStride));
        var d = Vector512.Load(source + (3 * sourceStride));
        var e = Vector512.Load(source + (4 * sourceStride));
        var f = Vector512.Load(source + (5 * sourceStride));
        var g = Vector512.Load(source + (6 * sourceStride));
        var h = Vector512.Load(source + (7 * sourceStride));
        var ab0 = Avx512F.UnpackLow(a, b);
        var ab1 = Avx512F.UnpackHigh(a, b);
        var cd0 = Avx512F.UnpackLow(c, d);
        var cd1 = Avx512F.UnpackHigh(c, d);
        var ef0 = Avx512F.UnpackLow(e, f);
        var ef1 = Avx512F.UnpackHigh(e, f);
        var gh0 = Avx512F.UnpackLow(g, h);
        var gh1 = Avx512F.UnpackHigh(g, h);

        // Columns 0 and 4, 2 and 6 of four rows; then the same of the odd ones.
        var low04 = Avx512F.Shuffle4x128(ab0, cd0, 0x88);
        var low26 = Avx512F.Shuffle4x128(ab0, cd0, 0xDD);
        var high04 = Avx512F.Shuffle4x128(ef0, gh0, 0x88);
        var high26 = Avx512F.Shuffle4x128(ef0, gh0, 0xDD);
        var low15 = Avx512F.Shuffle4x128(ab1, cd1, 0x88);
        var low37 = Avx512F.Shuffle4x128(ab1, cd1, 0xDD);
        var high15 = Avx512F.Shuffle4x128(ef1, gh1, 0x88);
        var high37 = Avx512F.Shuffle4x128(ef1, gh1, 0xDD);
        Avx512F.Shuffle4x128(low04, high04, 0x88).Store(target);
        Avx512F.Shuffle4x128(low15, high15, 0x88).Store(target + targetStride);
        Avx512F.Shuffle4x128(low26, high26, 0x88).Store(target + (2 * targetStride));
        Avx512F.Shuffle4x128(low37, high37, 0x88).Store(target + (3 * targetStride));
        Avx512F.Shuffle4x128(low04, high04, 0xDD).Store(target + (4 * targetStride));
        Avx512F.Shuffle4x128(low15, high15, 0xDD).Store(target + (5 * targetStride));
        Avx512F.Shuffle4x128(low26, high26, 0xDD).Store(target + (6 * targetStride));
        Avx512F.Shuffle4x128(low37, high37, 0xDD).Store(target + (7 * targetStride));
    }
}
