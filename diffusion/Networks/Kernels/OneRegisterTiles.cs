using System.Runtime.CompilerServices;
using Sweep.Diffusion.Numerics.Lanes;

namespace Sweep.Diffusion.Networks.Kernels;

/// <summary>
/// The microkernels of <see cref="MatrixProduct"/>: C(r, :) = Init(r, :) + sum over k of A(r, k) B(k, :) for a tile of R rows and one register of columns, held
/// in registers while k runs. Each element is one chain of fused multiply-adds in the order of k, whatever the tile, so all tiles give the same bits.
/// </summary>
/// <remarks>
/// Nothing else belongs in here: with an activation in the epilogue, the compiler's register allocator spills an accumulator inside the loop.
/// A's row stride is a constant by type. 16x1 suits 32 registers; the others do what is left over. <see cref="TwoRegisterTiles{T, L, S}"/> takes the columns in
/// pairs of registers.
/// </remarks>
internal static unsafe class OneRegisterTiles<T, L, S>
    where T : unmanaged
    where L : struct, ILanes<T>
    where S : struct, IStride
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Tile16x1(float* a, nint aStep, float* b, nint bStep, float* init, nint initStep, float* c, nint cStep, int depth)
    {
        T c0 = L.Load(init);
        T c1 = L.Load(init + initStep);
        T c2 = L.Load(init + (2 * initStep));
        T c3 = L.Load(init + (3 * initStep));
        T c4 = L.Load(init + (4 * initStep));
        T c5 = L.Load(init + (5 * initStep));
        T c6 = L.Load(init + (6 * initStep));
        T c7 = L.Load(init + (7 * initStep));
        T c8 = L.Load(init + (8 * initStep));
        T c9 = L.Load(init + (9 * initStep));
        T c10 = L.Load(init + (10 * initStep));
        T c11 = L.Load(init + (11 * initStep));
        T c12 = L.Load(init + (12 * initStep));
        T c13 = L.Load(init + (13 * initStep));
        T c14 = L.Load(init + (14 * initStep));
        T c15 = L.Load(init + (15 * initStep));
        do
        {
            T b0 = L.Load(b);
            c0 = L.MultiplyAdd(L.Broadcast(*a), b0, c0);
            c1 = L.MultiplyAdd(L.Broadcast(a[S.Floats]), b0, c1);
            c2 = L.MultiplyAdd(L.Broadcast(a[2 * S.Floats]), b0, c2);
            c3 = L.MultiplyAdd(L.Broadcast(a[3 * S.Floats]), b0, c3);
            c4 = L.MultiplyAdd(L.Broadcast(a[4 * S.Floats]), b0, c4);
            c5 = L.MultiplyAdd(L.Broadcast(a[5 * S.Floats]), b0, c5);
            c6 = L.MultiplyAdd(L.Broadcast(a[6 * S.Floats]), b0, c6);
            c7 = L.MultiplyAdd(L.Broadcast(a[7 * S.Floats]), b0, c7);
            c8 = L.MultiplyAdd(L.Broadcast(a[8 * S.Floats]), b0, c8);
            c9 = L.MultiplyAdd(L.Broadcast(a[9 * S.Floats]), b0, c9);
            c10 = L.MultiplyAdd(L.Broadcast(a[10 * S.Floats]), b0, c10);
            c11 = L.MultiplyAdd(L.Broadcast(a[11 * S.Floats]), b0, c11);
            c12 = L.MultiplyAdd(L.Broadcast(a[12 * S.Floats]), b0, c12);
            c13 = L.MultiplyAdd(L.Broadcast(a[13 * S.Floats]), b0, c13);
            c14 = L.MultiplyAdd(L.Broadcast(a[14 * S.Floats]), b0, c14);
            c15 = L.MultiplyAdd(L.Broadcast(a[15 * S.Floats]), b0, c15);
            a += aStep;
            b += bStep;
        }
        while (--depth != 0);
        L.Store(c, c0);
        L.Store(c + cStep, c1);
        L.Store(c + (2 * cStep), c2);
        L.Store(c + (3 * cStep), c3);
        L.Store(c + (4 * cStep), c4);
        L.Store(c + (5 * cStep), c5);
        L.Store(c + (6 * cStep), c6);
        L.Store(c + (7 * cStep), c7);
        L.Store(c + (8 * cStep), c8);
        L.Store(c + (9 * cStep), c9);
        L.Store(c + (10 * cStep), c10);
        L.Store(c + (11 * cStep), c11);
        L.Store(c + (12 * cStep), c12);
        L.Store(c + (13 * cStep), c13);
        L.Store(c + (14 * cStep), c14);
        L.Store(c + (15 * cStep), c15);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Tile8x1(float* a, nint aStep, float* b, nint bStep, float* init, nint initStep, float* c, nint cStep, int depth)
    {
        T c0 = L.Load(init);
        T c1 = L.Load(init + initStep);
        T c2 = L.Load(init + (2 * initStep));
        T c3 = L.Load(init + (3 * initStep));
        T c4 = L.Load(init + (4 * initStep));
        T c5 = L.Load(init + (5 * initStep));
        T c6 = L.Load(init + (6 * initStep));
        T c7 = L.Load(init + (7 * initStep));
        do
        {
            T b0 = L.Load(b);
            c0 = L.MultiplyAdd(L.Broadcast(*a), b0, c0);
            c1 = L.MultiplyAdd(L.Broadcast(a[S.Floats]), b0, c1);
            c2 = L.MultiplyAdd(L.Broadcast(a[2 * S.Floats]), b0, c2);
            c3 = L.MultiplyAdd(L.Broadcast(a[3 * S.Floats]), b0, c3);
            c4 = L.MultiplyAdd(L.Broadcast(a[4 * S.Floats]), b0, c4);
            c5 = L.MultiplyAdd(L.Broadcast(a[5 * S.Floats]), b0, c5);
            c6 = L.MultiplyAdd(L.Broadcast(a[6 * S.Floats]), b0, c6);
            c7 = L.MultiplyAdd(L.Broadcast(a[7 * S.Floats]), b0, c7);
            a += aStep;
            b += bStep;
        }
        while (--depth != 0);
        L.Store(c, c0);
        L.Store(c + cStep, c1);
        L.Store(c + (2 * cStep), c2);
        L.Store(c + (3 * cStep), c3);
        L.Store(c + (4 * cStep), c4);
        L.Store(c + (5 * cStep), c5);
        L.Store(c + (6 * cStep), c6);
        L.Store(c + (7 * cStep), c7);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Tile4x1(float* a, nint aStep, float* b, nint bStep, float* init, nint initStep, float* c, nint cStep, int depth)
    {
        T c0 = L.Load(init);
        T c1 = L.Load(init + initStep);
        T c2 = L.Load(init + (2 * initStep));
        T c3 = L.Load(init + (3 * initStep));
        do
        {
            T b0 = L.Load(b);
            c0 = L.MultiplyAdd(L.Broadcast(*a), b0, c0);
            c1 = L.MultiplyAdd(L.Broadcast(a[S.Floats]), b0, c1);
            c2 = L.MultiplyAdd(L.Broadcast(a[2 * S.Floats]), b0, c2);
            c3 = L.MultiplyAdd(L.Broadcast(a[3 * S.Floats]), b0, c3);
            a += aStep;
            b += bStep;
        }
        while (--depth != 0);
        L.Store(c, c0);
        L.Store(c + cStep, c1);
        L.Store(c + (2 * cStep), c2);
        L.Store(c + (3 * cStep), c3);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Tile2x1(float* a, nint aStep, float* b, nint bStep, float* init, nint initStep, float* c, nint cStep, int depth)
    {
        T c0 = L.Load(init);
        T c1 = L.Load(init + initStep);
        do
        {
            T b0 = L.Load(b);
            c0 = L.MultiplyAdd(L.Broadcast(*a), b0, c0);
            c1 = L.MultiplyAdd(L.Broadcast(a[S.Floats]), b0, c1);
            a += aStep;
            b += bStep;
        }
        while (--depth != 0);
        L.Store(c, c0);
        L.Store(c + cStep, c1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Tile1x1(float* a, nint aStep, float* b, nint bStep, float* init, nint initStep, float* c, nint cStep, int depth)
    {
        T c0 = L.Load(init);
        do
        {
            T b0 = L.Load(b);
            c0 = L.MultiplyAdd(L.Broadcast(*a), b0, c0);
            a += aStep;
            b += bStep;
        }
        while (--depth != 0);
        L.Store(c, c0);
    }
}
