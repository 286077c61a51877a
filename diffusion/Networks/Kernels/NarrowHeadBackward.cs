using System.Runtime.CompilerServices;
using Sweep.Diffusion.Numerics.Lanes;

namespace Sweep.Diffusion.Networks.Kernels;

/// <summary>
/// The backward pass of <see cref="NarrowHead{T, L}"/>'s layer. The kernels differ in the outputs they hold in registers (those beyond d are zero) and fuse
/// four things that read the same data: the weights' gradient, the hidden layer's gradient, its product with the activation's slope, and the hidden bias'
/// gradient.
/// </summary>
internal static unsafe class NarrowHeadBackward<T, L>
    where T : unmanaged
    where L : struct, ILanes<T>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run2(in HeadBlock block, bool accumulate)
    {
        float* d0 = block.OutputGradient;
        nint step = block.BlockRows, stride = block.WidthStride;
        for (nint column = 0; column < block.Columns; column += L.Count)
        {
            float* weight = block.Weight + column, gradient = block.WeightGradient + column, h = block.Hidden + column, slope = block.Slopes + column;
            T w0 = L.Load(weight);
            T w1 = L.Load(weight + stride);
            T g0a = accumulate ? L.Load(gradient) : L.Zero;
            T g0b = L.Zero;
            T g1a = accumulate ? L.Load(gradient + stride) : L.Zero;
            T g1b = L.Zero;
            T biasA = accumulate ? L.Load(block.BiasGradient + column) : L.Zero;
            T biasB = L.Zero;
            for (nint row = 0; row < block.Rows; row += 2, h += 2 * stride, slope += 2 * stride)
            {
                T ha = L.Load(h);
                T da = L.Broadcast(d0[row]);
                g0a = L.MultiplyAdd(da, ha, g0a);
                T upa = L.Multiply(da, w0);
                da = L.Broadcast(d0[step + row]);
                g1a = L.MultiplyAdd(da, ha, g1a);
                upa = L.MultiplyAdd(da, w1, upa);
                upa = L.Multiply(upa, L.Load(slope));
                L.Store(slope, upa);
                biasA = L.Add(biasA, upa);
                T hb = L.Load(h + stride);
                T db = L.Broadcast(d0[row + 1]);
                g0b = L.MultiplyAdd(db, hb, g0b);
                T upb = L.Multiply(db, w0);
                db = L.Broadcast(d0[step + row + 1]);
                g1b = L.MultiplyAdd(db, hb, g1b);
                upb = L.MultiplyAdd(db, w1, upb);
                upb = L.Multiply(upb, L.Load(slope + stride));
                L.Store(slope + stride, upb);
                biasB = L.Add(biasB, upb);
            }

            L.Store(gradient, L.Add(g0a, g0b));
            L.Store(gradient + stride, L.Add(g1a, g1b));
            L.Store(block.BiasGradient + column, L.Add(biasA, biasB));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run4(in HeadBlock block, bool accumulate)
    {
        float* d0 = block.OutputGradient;
        nint step = block.BlockRows, stride = block.WidthStride;
        for (nint column = 0; column < block.Columns; column += L.Count)
        {
            float* weight = block.Weight + column, gradient = block.WeightGradient + column, h = block.Hidden + column, slope = block.Slopes + column;
            T w0 = L.Load(weight);
            T w1 = L.Load(weight + stride);
            T w2 = L.Load(weight + (2 * stride));
            T w3 = L.Load(weight + (3 * stride));
            T g0a = accumulate ? L.Load(gradient) : L.Zero;
            T g0b = L.Zero;
            T g1a = accumulate ? L.Load(gradient + stride) : L.Zero;
            T g1b = L.Zero;
            T g2a = accumulate ? L.Load(gradient + (2 * stride)) : L.Zero;
            T g2b = L.Zero;
            T g3a = accumulate ? L.Load(gradient + (3 * stride)) : L.Zero;
            T g3b = L.Zero;
            T biasA = accumulate ? L.Load(block.BiasGradient + column) : L.Zero;
            T biasB = L.Zero;
            for (nint row = 0; row < block.Rows; row += 2, h += 2 * stride, slope += 2 * stride)
            {
                T ha = L.Load(h);
                T da = L.Broadcast(d0[row]);
                g0a = L.MultiplyAdd(da, ha, g0a);
                T upa = L.Multiply(da, w0);
                da = L.Broadcast(d0[step + row]);
                g1a = L.MultiplyAdd(da, ha, g1a);
                upa = L.MultiplyAdd(da, w1, upa);
                da = L.Broadcast(d0[(2 * step) + row]);
                g2a = L.MultiplyAdd(da, ha, g2a);
                upa = L.MultiplyAdd(da, w2, upa);
                da = L.Broadcast(d0[(3 * step) + row]);
                g3a = L.MultiplyAdd(da, ha, g3a);
                upa = L.MultiplyAdd(da, w3, upa);
                upa = L.Multiply(upa, L.Load(slope));
                L.Store(slope, upa);
                biasA = L.Add(biasA, upa);
                T hb = L.Load(h + stride);
                T db = L.Broadcast(d0[row + 1]);
                g0b = L.MultiplyAdd(db, hb, g0b);
                T upb = L.Multiply(db, w0);
                db = L.Broadcast(d0[step + row + 1]);
                g1b = L.MultiplyAdd(db, hb, g1b);
                upb = L.MultiplyAdd(db, w1, upb);
                db = L.Broadcast(d0[(2 * step) + row + 1]);
                g2b = L.MultiplyAdd(db, hb, g2b);
                upb = L.MultiplyAdd(db, w2, upb);
                db = L.Broadcast(d0[(3 * step) + row + 1]);
                g3b = L.MultiplyAdd(db, hb, g3b);
                upb = L.MultiplyAdd(db, w3, upb);
                upb = L.Multiply(upb, L.Load(slope + stride));
                L.Store(slope + stride, upb);
                biasB = L.Add(biasB, upb);
            }

            L.Store(gradient, L.Add(g0a, g0b));
            L.Store(gradient + stride, L.Add(g1a, g1b));
            L.Store(gradient + (2 * stride), L.Add(g2a, g2b));
            L.Store(gradient + (3 * stride), L.Add(g3a, g3b));
            L.Store(block.BiasGradient + column, L.Add(biasA, biasB));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run8(in HeadBlock block, bool accumulate)
    {
        float* d0 = block.OutputGradient;
        nint step = block.BlockRows, stride = block.WidthStride;
        for (nint column = 0; column < block.Columns; column += L.Count)
        {
            float* weight = block.Weight + column, gradient = block.WeightGradient + column, h = block.Hidden + column, slope = block.Slopes + column;
            T w0 = L.Load(weight);
            T w1 = L.Load(weight + stride);
            T w2 = L.Load(weight + (2 * stride));
            T w3 = L.Load(weight + (3 * stride));
            T w4 = L.Load(weight + (4 * stride));
            T w5 = L.Load(weight + (5 * stride));
            T w6 = L.Load(weight + (6 * stride));
            T w7 = L.Load(weight + (7 * stride));
            T g0a = accumulate ? L.Load(gradient) : L.Zero;
            T g1a = accumulate ? L.Load(gradient + stride) : L.Zero;
            T g2a = accumulate ? L.Load(gradient + (2 * stride)) : L.Zero;
            T g3a = accumulate ? L.Load(gradient + (3 * stride)) : L.Zero;
            T g4a = accumulate ? L.Load(gradient + (4 * stride)) : L.Zero;
            T g5a = accumulate ? L.Load(gradient + (5 * stride)) : L.Zero;
            T g6a = accumulate ? L.Load(gradient + (6 * stride)) : L.Zero;
            T g7a = accumulate ? L.Load(gradient + (7 * stride)) : L.Zero;
            T biasA = accumulate ? L.Load(block.BiasGradient + column) : L.Zero;
            for (nint row = 0; row < block.Rows; row += 1, h += stride, slope += stride)
            {
                T ha = L.Load(h);
                T da = L.Broadcast(d0[row]);
                g0a = L.MultiplyAdd(da, ha, g0a);
                T upa = L.Multiply(da, w0);
                da = L.Broadcast(d0[step + row]);
                g1a = L.MultiplyAdd(da, ha, g1a);
                upa = L.MultiplyAdd(da, w1, upa);
                da = L.Broadcast(d0[(2 * step) + row]);
                g2a = L.MultiplyAdd(da, ha, g2a);
                upa = L.MultiplyAdd(da, w2, upa);
                da = L.Broadcast(d0[(3 * step) + row]);
                g3a = L.MultiplyAdd(da, ha, g3a);
                upa = L.MultiplyAdd(da, w3, upa);
                da = L.Broadcast(d0[(4 * step) + row]);
                g4a = L.MultiplyAdd(da, ha, g4a);
                upa = L.MultiplyAdd(da, w4, upa);
                da = L.Broadcast(d0[(5 * step) + row]);
                g5a = L.MultiplyAdd(da, ha, g5a);
                upa = L.MultiplyAdd(da, w5, upa);
                da = L.Broadcast(d0[(6 * step) + row]);
                g6a = L.MultiplyAdd(da, ha, g6a);
                upa = L.MultiplyAdd(da, w6, upa);
                da = L.Broadcast(d0[(7 * step) + row]);
                g7a = L.MultiplyAdd(da, ha, g7a);
                upa = L.MultiplyAdd(da, w7, upa);
                upa = L.Multiply(upa, L.Load(slope));
                L.Store(slope, upa);
                biasA = L.Add(biasA, upa);
            }

            L.Store(gradient, g0a);
            L.Store(gradient + stride, g1a);
            L.Store(gradient + (2 * stride), g2a);
            L.Store(gradient + (3 * stride), g3a);
            L.Store(gradient + (4 * stride), g4a);
            L.Store(gradient + (5 * stride), g5a);
            L.Store(gradient + (6 * stride), g6a);
            L.Store(gradient + (7 * stride), g7a);
            L.Store(block.BiasGradient + column, biasA);
        }
    }
}
