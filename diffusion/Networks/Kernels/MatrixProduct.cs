using System.Runtime.CompilerServices;
using Sweep.Diffusion.Numerics.Lanes;

namespace Sweep.Diffusion.Networks.Kernels;

/// <summary>
/// C = Init + A B, all of training's matrix work: forward (activations times transposed weights), the gradient of activations (times weights) and the gradient
/// of weights (A read as a transpose). B and C are row-major with any stride; A's row stride is fixed when the product is made.
/// </summary>
internal abstract unsafe class MatrixProduct
{
    /// <param name="a">Element (r, k) is at a + r * stride + k * aStep.</param>
    /// <param name="aStep">1, or the row stride of the matrix whose transpose A is.</param>
    /// <param name="b">(depth, columns).</param>
    /// <param name="bStep">B's row stride.</param>
    /// <param name="init">(rows, columns): where the sums start, C itself to add to it.</param>
    /// <param name="initStep">Init's row stride; 0 repeats one row (a bias).</param>
    /// <param name="c">(rows, columns).</param>
    /// <param name="cStep">C's row stride.</param>
    /// <param name="rows">Any number.</param>
    /// <param name="columns">A multiple of 16.</param>
    /// <param name="depth">At least 1.</param>
    public abstract void Run(float* a, nint aStep, float* b, nint bStep, float* init, nint initStep, float* c, nint cStep, int rows, int columns, int depth);

    /// <param name="stride">One of <see cref="Strides"/>, or 1.</param>
    public static MatrixProduct Create<T, L>(int stride)
        where T : unmanaged
        where L : struct, ILanes<T> => stride switch
        {
            1 => new MatrixProduct<T, L, Strides.One>(),
            16 => new MatrixProduct<T, L, Strides.S16>(),
            32 => new MatrixProduct<T, L, Strides.S32>(),
            48 => new MatrixProduct<T, L, Strides.S48>(),
            80 => new MatrixProduct<T, L, Strides.S80>(),
            112 => new MatrixProduct<T, L, Strides.S112>(),
            144 => new MatrixProduct<T, L, Strides.S144>(),
            208 => new MatrixProduct<T, L, Strides.S208>(),
            272 => new MatrixProduct<T, L, Strides.S272>(),
            400 => new MatrixProduct<T, L, Strides.S400>(),
            528 => new MatrixProduct<T, L, Strides.S528>(),
            784 => new MatrixProduct<T, L, Strides.S784>(),
            1040 => new MatrixProduct<T, L, Strides.S1040>(),
            _ => throw new ArgumentOutOfRangeException(nameof(stride), $"stride: {stride}; allowed: 1 or one of {nameof(Strides)}"),
        };
}

/// <inheritdoc/>
internal sealed unsafe class MatrixProduct<T, L, S> : MatrixProduct
    where T : unmanaged
    where L : struct, ILanes<T>
    where S : struct, IStride
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run(float* a, nint aStep, float* b, nint bStep, float* init, nint initStep, float* c, nint cStep, int rows, int columns, int depth)
    {
        int column = 0;
        for (; column + (2 * L.Count) <= columns; column += 2 * L.Count)
            TwoRegisters(a, aStep, b + column, bStep, init + column, initStep, c + column, cStep, rows, depth);
        if (column < columns)
            OneRegister(a, aStep, b + column, bStep, init + column, initStep, c + column, cStep, rows, depth);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TwoRegisters(float* a, nint aStep, float* b, nint bStep, float* init, nint initStep, float* c, nint cStep, int rows, int depth)
    {
        nint row = 0;
        if (L.Count == 16)
        {
            for (; row + 8 <= rows; row += 8)
                TwoRegisterTiles<T, L, S>.Tile8x2(a + (row * S.Floats), aStep, b, bStep, init + (row * initStep), initStep, c + (row * cStep), cStep, depth);
        }
        else
        {
            for (; row + 6 <= rows; row += 6)
                TwoRegisterTiles<T, L, S>.Tile6x2(a + (row * S.Floats), aStep, b, bStep, init + (row * initStep), initStep, c + (row * cStep), cStep, depth);
        }

        for (; row + 4 <= rows; row += 4)
            TwoRegisterTiles<T, L, S>.Tile4x2(a + (row * S.Floats), aStep, b, bStep, init + (row * initStep), initStep, c + (row * cStep), cStep, depth);
        for (; row + 2 <= rows; row += 2)
            TwoRegisterTiles<T, L, S>.Tile2x2(a + (row * S.Floats), aStep, b, bStep, init + (row * initStep), initStep, c + (row * cStep), cStep, depth);
        if (row < rows)
            TwoRegisterTiles<T, L, S>.Tile1x2(a + (row * S.Floats), aStep, b, bStep, init + (row * initStep), initStep, c + (row * cStep), cStep, depth);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void OneRegister(float* a, nint aStep, float* b, nint bStep, float* init, nint initStep, float* c, nint cStep, int rows, int depth)
    {
        nint row = 0;
        for (; row + 16 <= rows; row += 16)
            OneRegisterTiles<T, L, S>.Tile16x1(a + (row * S.Floats), aStep, b, bStep, init + (row * initStep), initStep, c + (row * cStep), cStep, depth);
        for (; row + 8 <= rows; row += 8)
            OneRegisterTiles<T, L, S>.Tile8x1(a + (row * S.Floats), aStep, b, bStep, init + (row * initStep), initStep, c + (row * cStep), cStep, depth);
        for (; row + 4 <= rows; row += 4)
            OneRegisterTiles<T, L, S>.Tile4x1(a + (row * S.Floats), aStep, b, bStep, init + (row * initStep), initStep, c + (row * cStep), cStep, depth);
        for (; row + 2 <= rows; row += 2)
            OneRegisterTiles<T, L, S>.Tile2x1(a + (row * S.Floats), aStep, b, bStep, init + (row * initStep), initStep, c + (row * cStep), cStep, depth);
        if (row < rows)
            OneRegisterTiles<T, L, S>.Tile1x1(a + (row * S.Floats), aStep, b, bStep, init + (row * initStep), initStep, c + (row * cStep), cStep, depth);
    }
}
