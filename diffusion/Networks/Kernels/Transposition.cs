using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Sweep.Diffusion.Networks.Kernels;

/// <summary>Writes a matrix's transpose.</summary>
internal static unsafe class Transposition
{
    /// <summary>Source (rows, columns) to target (columns, rows), each with a row stride.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(float* source, nint sourceStride, float* target, nint targetStride, int rows, int columns)
    {
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
}
