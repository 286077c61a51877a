using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Sweep.Diffusion.Numerics;

/// <summary>Writes a matrix's transpose.</summary>
internal static unsafe class Transposition
{
    /// <summary>Source (rows, columns) to target (columns, rows), each with a row stride.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(float* source, nint sourceStride, float* target, nint targetStride, int rows, int columns)
    {
        if (Avx512F.IsSupported && rows >= 16 && columns >= 16 && ((rows | columns) & 15) == 0)
        {
            for (nint row = 0; row < rows; row += 16)
            {
                for (nint column = 0; column < columns; column += 16)
                    Square16(source + (row * sourceStride) + column, sourceStride, target + (column * targetStride) + row, targetStride);
            }

            return;
        }

        if (Avx512F.IsSupported && rows >= 16 && columns >= 8 && ((rows & 15) | (columns & 7)) == 0)
        {
            Tall(source, sourceStride, target, targetStride, rows, columns);
            return;
        }

        if (Avx512F.IsSupported && columns == 2 && sourceStride == 2)
        {
            int done = rows & ~15;
            for (nint row = 0; row < done; row += 16)
                Pairs16(source + (2 * row), target + row, targetStride);
            for (nint row = done; row < rows; row++)
            {
                target[row] = source[2 * row];
                target[targetStride + row] = source[(2 * row) + 1];
            }

            return;
        }

        int blockRows = Sse.IsSupported ? rows & ~3 : 0, blockColumns = Sse.IsSupported ? columns & ~3 : 0;
        for (nint column = 0; column < blockColumns; column += 4)
        {
            // Along the source's rows, so that each cache line of the target is filled in one go.
            float* s = source + column, t = target + (column * targetStride);
            for (int row = 0; row < blockRows; row += 4, s += 4 * sourceStride, t += 4)
                Square(s, sourceStride, t, targetStride);
        }

        if (rows == 2)
        {
            // Two rows into pairs: the inner loop below would be all overhead.
            float* second = source + sourceStride;
            for (nint column = 0; column < columns; column++, target += targetStride)
            {
                target[0] = source[column];
                target[1] = second[column];
            }

            return;
        }

        for (nint column = 0; column < columns; column++)
        {
            for (nint row = column < blockColumns ? blockRows : 0; row < rows; row++)
                target[(column * targetStride) + row] = source[(row * sourceStride) + column];
        }
    }

    /// <summary>Sixteen rows of two.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pairs16(float* source, float* target, nint targetStride)
    {
        var a = Vector512.Load(source);
        var b = Vector512.Load(source + 16);
        Avx512F.PermuteVar16x32x2(a, Vector512.Create(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30), b).Store(target);
        Avx512F.PermuteVar16x32x2(a, Vector512.Create(1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31), b).Store(target + targetStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Square(float* source, nint sourceStride, float* target, nint targetStride)
    {
        var a = Vector128.Load(source);
        var b = Vector128.Load(source + sourceStride);
        var c = Vector128.Load(source + (2 * sourceStride));
        var d = Vector128.Load(source + (3 * sourceStride));
        var ab0 = Sse.UnpackLow(a, b);
        var ab1 = Sse.UnpackHigh(a, b);
        var cd0 = Sse.UnpackLow(c, d);
        var cd1 = Sse.UnpackHigh(c, d);
        Sse.MoveLowToHigh(ab0, cd0).Store(target);
        Sse.MoveHighToLow(cd0, ab0).Store(target + targetStride);
        Sse.MoveLowToHigh(ab1, cd1).Store(target + (2 * targetStride));
        Sse.MoveHighToLow(cd1, ab1).Store(target + (3 * targetStride));
    }

    /// <summary>
    /// In four stages: pairs of rows, fours, and then the fours' quarters twice. Columns c, c + 4, c + 8 and c + 12 lie in the quarters of one register of
    /// fours.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Square16(float* source, nint sourceStride, float* target, nint targetStride)
    {
        Fours(source, sourceStride, out var a0, out var a1, out var a2, out var a3);
        Fours(source + (4 * sourceStride), sourceStride, out var b0, out var b1, out var b2, out var b3);
        Fours(source + (8 * sourceStride), sourceStride, out var c0, out var c1, out var c2, out var c3);
        Fours(source + (12 * sourceStride), sourceStride, out var d0, out var d1, out var d2, out var d3);
        Quarters(a0, b0, c0, d0, target, targetStride);
        Quarters(a1, b1, c1, d1, target + targetStride, targetStride);
        Quarters(a2, b2, c2, d2, target + (2 * targetStride), targetStride);
        Quarters(a3, b3, c3, d3, target + (3 * targetStride), targetStride);
    }

    /// <summary>
    /// Sixteen rows of eight columns at a time. Rows r and r + 4 share a register, so that the fours of column c lie in its even quarters and those of c + 4 in
    /// its odd ones.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Tall(float* source, nint sourceStride, float* target, nint targetStride, nint rows, nint columns)
    {
        for (nint column = 0; column < columns; column += 8, source += 8, target += 8 * targetStride)
        {
            float* s = source, t = target;
            for (nint row = 0; row < rows; row += 16, s += 16 * sourceStride, t += 16)
            {
                Eight(s, sourceStride, out var a0, out var a1, out var a2, out var a3);
                Eight(s + (8 * sourceStride), sourceStride, out var b0, out var b1, out var b2, out var b3);
                Avx512F.Shuffle4x128(a0, b0, 0x88).Store(t);
                Avx512F.Shuffle4x128(a1, b1, 0x88).Store(t + targetStride);
                Avx512F.Shuffle4x128(a2, b2, 0x88).Store(t + (2 * targetStride));
                Avx512F.Shuffle4x128(a3, b3, 0x88).Store(t + (3 * targetStride));
                Avx512F.Shuffle4x128(a0, b0, 0xDD).Store(t + (4 * targetStride));
                Avx512F.Shuffle4x128(a1, b1, 0xDD).Store(t + (5 * targetStride));
                Avx512F.Shuffle4x128(a2, b2, 0xDD).Store(t + (6 * targetStride));
                Avx512F.Shuffle4x128(a3, b3, 0xDD).Store(t + (7 * targetStride));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Eight(float* source, nint stride, out Vector512<float> c0, out Vector512<float> c1, out Vector512<float> c2, out Vector512<float> c3) =>
        Fours(Two(source, stride), Two(source + stride, stride), Two(source + (2 * stride), stride), Two(source + (3 * stride), stride), out c0, out c1,
            out c2, out c3);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Two(float* source, nint stride) => Vector512.Create(Vector256.Load(source), Vector256.Load(source + (4 * stride)));

    /// <summary>Of four rows, columns c, c + 4, c + 8 and c + 12, four numbers each, for c = 0 to 3.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Fours(float* source, nint stride, out Vector512<float> c0, out Vector512<float> c1, out Vector512<float> c2, out Vector512<float> c3)
    {
        Fours(Vector512.Load(source), Vector512.Load(source + stride), Vector512.Load(source + (2 * stride)), Vector512.Load(source + (3 * stride)), out c0,
            out c1, out c2, out c3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Fours(Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d, out Vector512<float> c0, out Vector512<float> c1,
        out Vector512<float> c2, out Vector512<float> c3)
    {
        var ab0 = Avx512F.UnpackLow(a, b).AsDouble();
        var ab1 = Avx512F.UnpackHigh(a, b).AsDouble();
        var cd0 = Avx512F.UnpackLow(c, d).AsDouble();
        var cd1 = Avx512F.UnpackHigh(c, d).AsDouble();
        c0 = Avx512F.UnpackLow(ab0, cd0).AsSingle();
        c1 = Avx512F.UnpackHigh(ab0, cd0).AsSingle();
        c2 = Avx512F.UnpackLow(ab1, cd1).AsSingle();
        c3 = Avx512F.UnpackHigh(ab1, cd1).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Quarters(Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d, float* target, nint stride)
    {
        var ab02 = Avx512F.Shuffle4x128(a, b, 0x88);
        var ab13 = Avx512F.Shuffle4x128(a, b, 0xDD);
        var cd02 = Avx512F.Shuffle4x128(c, d, 0x88);
        var cd13 = Avx512F.Shuffle4x128(c, d, 0xDD);
        Avx512F.Shuffle4x128(ab02, cd02, 0x88).Store(target);
        Avx512F.Shuffle4x128(ab13, cd13, 0x88).Store(target + (4 * stride));
        Avx512F.Shuffle4x128(ab02, cd02, 0xDD).Store(target + (8 * stride));
        Avx512F.Shuffle4x128(ab13, cd13, 0xDD).Store(target + (12 * stride));
    }
}
