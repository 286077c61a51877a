using System.Runtime.CompilerServices;
using Sweep.Diffusion.Numerics.Lanes;

namespace Sweep.Diffusion.Networks.Kernels;

/// <summary>
/// The microkernels of <see cref="MatrixProduct"/>: C(r, :) = Init(r, :) + sum over k of A(r, k) B(k, :) for a tile of R rows and two registers of columns,
/// held in registers while k runs. Each element is one chain of fused multiply-adds in the order of k, whatever the tile, so all tiles give the same bits.
/// </summary>
/// <remarks>
/// Nothing else belongs in here: with an activation in the epilogue, the compiler's register allocator spills an accumulator inside the loop.
/// A's row stride is a constant by type. 8x2 suits 32 registers, 6x2 the 16 of AVX2; the others do what is left over.
/// </remarks>
internal static unsafe class TwoRegisterTiles<T, L, S>
    where T : unmanaged
    where L : struct, ILanes<T>
    where S : struct, IStride
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Tile8x2(float* a, nint aStep, float* b, nint bStep, float* init, nint initStep, float* c, nint cStep, int depth)
    {
        T c0a = L.Load(init);
        T c0b = L.Load(init + L.Count);
        T c1a = L.Load(init + initStep);
        T c1b = L.Load(init + initStep + L.Count);
        T c2a = L.Load(init + (2 * initStep));
        T c2b = L.Load(init + (2 * initStep) + L.Count);
        T c3a = L.Load(init + (3 * initStep));
        T c3b = L.Load(init + (3 * initStep) + L.Count);
        T c4a = L.Load(init + (4 * initStep));
        T c4b = L.Load(init + (4 * initStep) + L.Count);
        T c5a = L.Load(init + (5 * initStep));
        T c5b = L.Load(init + (5 * initStep) + L.Count);
        T c6a = L.Load(init + (6 * initStep));
        T c6b = L.Load(init + (6 * initStep) + L.Count);
        T c7a = L.Load(init + (7 * initStep));
        T c7b = L.Load(init + (7 * initStep) + L.Count);
        do
        {
            T b0 = L.Load(b);
            T b1 = L.Load(b + L.Count);
            T a0 = L.Broadcast(*a);
            c0a = L.MultiplyAdd(a0, b0, c0a);
            c0b = L.MultiplyAdd(a0, b1, c0b);
            a0 = L.Broadcast(a[S.Floats]);
            c1a = L.MultiplyAdd(a0, b0, c1a);
            c1b = L.MultiplyAdd(a0, b1, c1b);
            a0 = L.Broadcast(a[2 * S.Floats]);
            c2a = L.MultiplyAdd(a0, b0, c2a);
            c2b = L.MultiplyAdd(a0, b1, c2b);
            a0 = L.Broadcast(a[3 * S.Floats]);
            c3a = L.MultiplyAdd(a0, b0, c3a);
            c3b = L.MultiplyAdd(a0, b1, c3b);
            a0 = L.Broadcast(a[4 * S.Floats]);
            c4a = L.MultiplyAdd(a0, b0, c4a);
            c4b = L.MultiplyAdd(a0, b1, c4b);
            a0 = L.Broadcast(a[5 * S.Floats]);
            c5a = L.MultiplyAdd(a0, b0, c5a);
            c5b = L.MultiplyAdd(a0, b1, c5b);
            a0 = L.Broadcast(a[6 * S.Floats]);
            c6a = L.MultiplyAdd(a0, b0, c6a);
            c6b = L.MultiplyAdd(a0, b1, c6b);
            a0 = L.Broadcast(a[7 * S.Floats]);
            c7a = L.MultiplyAdd(a0, b0, c7a);
            c7b = L.MultiplyAdd(a0, b1, c7b);
            a += aStep;
            b += bStep;
        }
        while (--depth != 0);
        L.Store(c, c0a);
        L.Store(c + L.Count, c0b);
        L.Store(c + cStep, c1a);
        L.Store(c + cStep + L.Count, c1b);
        L.Store(c + (2 * cStep), c2a);
        L.Store(c + (2 * cStep) + L.Count, c2b);
        L.Store(c + (3 * cStep), c3a);
        L.Store(c + (3 * cStep) + L.Count, c3b);
        L.Store(c + (4 * cStep), c4a);
        L.Store(c + (4 * cStep) + L.Count, c4b);
        L.Store(c + (5 * cStep), c5a);
        L.Store(c + (5 * cStep) + L.Count, c5b);
        L.Store(c + (6 * cStep), c6a);
        L.Store(c + (6 * cStep) + L.Count, c6b);
        L.Store(c + (7 * cStep), c7a);
        L.Store(c + (7 * cStep) + L.Count, c7b);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Tile6x2(float* a, nint aStep, float* b, nint bStep, float* init, nint initStep, float* c, nint cStep, int depth)
    {
        T c0a = L.Load(init);
        T c0b = L.Load(init + L.Count);
        T c1a = L.Load(init + initStep);
        T c1b = L.Load(init + initStep + L.Count);
        T c2a = L.Load(init + (2 * initStep));
        T c2b = L.Load(init + (2 * initStep) + L.Count);
        T c3a = L.Load(init + (3 * initStep));
        T c3b = L.Load(init + (3 * initStep) + L.Count);
        T c4a = L.Load(init + (4 * initStep));
        T c4b = L.Load(init + (4 * initStep) + L.Count);
        T c5a = L.Load(init + (5 * initStep));
        T c5b = L.Load(init + (5 * initStep) + L.Count);
        do
        {
            T b0 = L.Load(b);
            T b1 = L.Load(b + L.Count);
            T a0 = L.Broadcast(*a);
            c0a = L.MultiplyAdd(a0, b0, c0a);
            c0b = L.MultiplyAdd(a0, b1, c0b);
            a0 = L.Broadcast(a[S.Floats]);
            c1a = L.MultiplyAdd(a0, b0, c1a);
            c1b = L.MultiplyAdd(a0, b1, c1b);
            a0 = L.Broadcast(a[2 * S.Floats]);
            c2a = L.MultiplyAdd(a0, b0, c2a);
            c2b = L.MultiplyAdd(a0, b1, c2b);
            a0 = L.Broadcast(a[3 * S.Floats]);
            c3a = L.MultiplyAdd(a0, b0, c3a);
            c3b = L.MultiplyAdd(a0, b1, c3b);
            a0 = L.Broadcast(a[4 * S.Floats]);
            c4a = L.MultiplyAdd(a0, b0, c4a);
            c4b = L.MultiplyAdd(a0, b1, c4b);
            a0 = L.Broadcast(a[5 * S.Floats]);
            c5a = L.MultiplyAdd(a0, b0, c5a);
            c5b = L.MultiplyAdd(a0, b1, c5b);
            a += aStep;
            b += bStep;
        }
        while (--depth != 0);
        L.Store(c, c0a);
        L.Store(c + L.Count, c0b);
        L.Store(c + cStep, c1a);
        L.Store(c + cStep + L.Count, c1b);
        L.Store(c + (2 * cStep), c2a);
        L.Store(c + (2 * cStep) + L.Count, c2b);
        L.Store(c + (3 * cStep), c3a);
        L.Store(c + (3 * cStep) + L.Count, c3b);
        L.Store(c + (4 * cStep), c4a);
        L.Store(c + (4 * cStep) + L.Count, c4b);
        L.Store(c + (5 * cStep), c5a);
        L.Store(c + (5 * cStep) + L.Count, c5b);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Tile4x2(float* a, nint aStep, float* b, nint bStep, float* init, nint initStep, float* c, nint cStep, int depth)
    {
        T c0a = L.Load(init);
        T c0b = L.Load(init + L.Count);
        T c1a = L.Load(init + initStep);
        T c1b = L.Load(init + initStep + L.Count);
        T c2a = L.Load(init + (2 * initStep));
        T c2b = L.Load(init + (2 * initStep) + L.Count);
        T c3a = L.Load(init + (3 * initStep));
        T c3b = L.Load(init + (3 * initStep) + L.Count);
        do
        {
            T b0 = L.Load(b);
            T b1 = L.Load(b + L.Count);
            T a0 = L.Broadcast(*a);
            c0a = L.MultiplyAdd(a0, b0, c0a);
            c0b = L.MultiplyAdd(a0, b1, c0b);
            a0 = L.Broadcast(a[S.Floats]);
            c1a = L.MultiplyAdd(a0, b0, c1a);
            c1b = L.MultiplyAdd(a0, b1, c1b);
            a0 = L.Broadcast(a[2 * S.Floats]);
            c2a = L.MultiplyAdd(a0, b0, c2a);
            c2b = L.MultiplyAdd(a0, b1, c2b);
            a0 = L.Broadcast(a[3 * S.Floats]);
            c3a = L.MultiplyAdd(a0, b0, c3a);
            c3b = L.MultiplyAdd(a0, b1, c3b);
            a += aStep;
            b += bStep;
        }
        while (--depth != 0);
        L.Store(c, c0a);
        L.Store(c + L.Count, c0b);
        L.Store(c + cStep, c1a);
        L.Store(c + cStep + L.Count, c1b);
        L.Store(c + (2 * cStep), c2a);
        L.Store(c + (2 * cStep) + L.Count, c2b);
        L.Store(c + (3 * cStep), c3a);
        L.Store(c + (3 * cStep) + L.Count, c3b);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Tile2x2(float* a, nint aStep, float* b, nint bStep, float* init, nint initStep, float* c, nint cStep, int depth)
    {
        T c0a = L.Load(init);
        T c0b = L.Load(init + L.Count);
        T c1a = L.Load(init + initStep);
        T c1b = L.Load(init + initStep + L.Count);
        do
        {
            T b0 = L.Load(b);
            T b1 = L.Load(b + L.Count);
            T a0 = L.Broadcast(*a);
            c0a = L.MultiplyAdd(a0, b0, c0a);
            c0b = L.MultiplyAdd(a0, b1, c0b);
            a0 = L.Broadcast(a[S.Floats]);
            c1a = L.MultiplyAdd(a0, b0, c1a);
            c1b = L.MultiplyAdd(a0, b1, c1b);
            a += aStep;
            b += bStep;
        }
        while (--depth != 0);
        L.Store(c, c0a);
        L.Store(c + L.Count, c0b);
        L.Store(c + cStep, c1a);
        L.Store(c + cStep + L.Count, c1b);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Tile1x2(float* a, nint aStep, float* b, nint bStep, float* init, nint initStep, float* c, nint cStep, int depth)
    {
        T c0a = L.Load(init);
        T c0b = L.Load(init + L.Count);
        do
        {
            T b0 = L.Load(b);
            T b1 = L.Load(b + L.Count);
            T a0 = L.Broadcast(*a);
            c0a = L.MultiplyAdd(a0, b0, c0a);
            c0b = L.MultiplyAdd(a0, b1, c0b);
            a += aStep;
            b += bStep;
        }
        while (--depth != 0);
        L.Store(c, c0a);
        L.Store(c + L.Count, c0b);
    }
}
