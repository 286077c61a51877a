using System.Runtime.CompilerServices;
using Sweep.Diffusion.Numerics.Lanes;

namespace Sweep.Diffusion.Networks.Kernels;

/// <summary>
/// The output layer of networks with at most eight outputs. Padding two outputs to a register of sixteen would waste seven eighths of its work, so here weights lie as (out, in) along the hidden units, and outputs and
/// targets as columns (out, rows): a register holds sixteen units, or sixteen rows.
/// </summary>
/// <remarks>
/// Sums over units or rows run in sixteen chains (index modulo 16) on every path, added at the end in the order of <see cref="ILanes{T}.Dot16"/>: that keeps paths bit-identical.
/// The backward kernels differ in the outputs they hold in registers (those beyond d are zero) and fuse four things that read the same data: the weights' gradient, the hidden
/// layer's gradient, its product with the activation's slope, and the hidden bias' gradient.
/// </remarks>
internal static unsafe class NarrowHead<T, L>
    where T : unmanaged
    where L : struct, ILanes<T>
{
    /// <summary>output(j, rows) = bias(j) + weight(j, :) hidden(row, :) + skip(j, :) x(:, row), for up to two outputs: sums across registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward2(in HeadBlock block, float* bias, float* skip, float* x, float* output, int outputs)
    {
        nint stride = block.WidthStride, step = block.BlockRows;
        for (nint row = 0; row < block.Rows; row += 16)
        {
            for (nint j = 0; j < outputs; j++)
            {
                float* target = output + (j * step) + row;
                L.Dot16(block.Hidden + (row * stride), stride, block.Weight + (j * stride), block.Columns, target);
                for (nint lane = 0; lane < 16; lane += L.Count)
                    Skip(L.Add(L.Load(target + lane), L.Broadcast(bias[j])), skip + (j * outputs), x + row + lane, step, target + lane, outputs);
            }
        }
    }

    /// <summary>
    /// The same for up to eight: sixteen rows are transposed, and then a register holds rows and nothing is summed across it. Each output is one chain: the bias, the hidden units in order, the inputs in order.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward8(in HeadBlock block, float* bias, float* skip, float* x, float* output, int outputs)
    {
        nint stride = block.WidthStride, step = block.BlockRows, stride3 = 3 * stride;
        float* transposed = block.Transposed;
        for (nint row = 0; row < block.Rows; row += 16)
        {
            Transposition.Run(block.Hidden + (row * stride), stride, transposed, 16, 16, (int)block.Columns);
            for (nint lane = 0; lane < 16; lane += L.Count)
            {
                T s0 = L.Broadcast(bias[0]), s1 = L.Broadcast(bias[1]), s2 = L.Broadcast(bias[2]), s3 = L.Broadcast(bias[3]);
                T s4 = L.Broadcast(bias[4]), s5 = L.Broadcast(bias[5]), s6 = L.Broadcast(bias[6]), s7 = L.Broadcast(bias[7]);
                float* low = block.Weight, high = low + (4 * stride), h = transposed + lane;
                for (nint unit = block.Columns; unit != 0; unit--, low++, high++, h += 16)
                {
                    T units = L.Load(h);
                    s0 = L.MultiplyAdd(units, L.Broadcast(low[0]), s0);
                    s1 = L.MultiplyAdd(units, L.Broadcast(low[stride]), s1);
                    s2 = L.MultiplyAdd(units, L.Broadcast(low[2 * stride]), s2);
                    s3 = L.MultiplyAdd(units, L.Broadcast(low[stride3]), s3);
                    s4 = L.MultiplyAdd(units, L.Broadcast(high[0]), s4);
                    s5 = L.MultiplyAdd(units, L.Broadcast(high[stride]), s5);
                    s6 = L.MultiplyAdd(units, L.Broadcast(high[2 * stride]), s6);
                    s7 = L.MultiplyAdd(units, L.Broadcast(high[stride3]), s7);
                }

                float* target = output + row + lane, inputs = x + row + lane;
                Skip(s0, skip, inputs, step, target, outputs);
                Skip(s1, skip + outputs, inputs, step, target + step, outputs);
                Skip(s2, skip + (2 * outputs), inputs, step, target + (2 * step), outputs);
                Skip(s3, skip + (3 * outputs), inputs, step, target + (3 * step), outputs);
                Skip(s4, skip + (4 * outputs), inputs, step, target + (4 * step), outputs);
                if (outputs > 5)
                    Skip(s5, skip + (5 * outputs), inputs, step, target + (5 * step), outputs);
                if (outputs > 6)
                    Skip(s6, skip + (6 * outputs), inputs, step, target + (6 * step), outputs);
                if (outputs > 7)
                    Skip(s7, skip + (7 * outputs), inputs, step, target + (7 * step), outputs);
            }
        }
    }

    /// <summary>And for three or four.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward4(in HeadBlock block, float* bias, float* skip, float* x, float* output, int outputs)
    {
        nint stride = block.WidthStride, step = block.BlockRows, stride3 = 3 * stride;
        float* transposed = block.Transposed;
        for (nint row = 0; row < block.Rows; row += 16)
        {
            Transposition.Run(block.Hidden + (row * stride), stride, transposed, 16, 16, (int)block.Columns);
            for (nint lane = 0; lane < 16; lane += L.Count)
            {
                T s0 = L.Broadcast(bias[0]), s1 = L.Broadcast(bias[1]), s2 = L.Broadcast(bias[2]), s3 = L.Broadcast(bias[3]);
                float* low = block.Weight, h = transposed + lane;
                for (nint unit = block.Columns; unit != 0; unit--, low++, h += 16)
                {
                    T units = L.Load(h);
                    s0 = L.MultiplyAdd(units, L.Broadcast(low[0]), s0);
                    s1 = L.MultiplyAdd(units, L.Broadcast(low[stride]), s1);
                    s2 = L.MultiplyAdd(units, L.Broadcast(low[2 * stride]), s2);
                    s3 = L.MultiplyAdd(units, L.Broadcast(low[stride3]), s3);
                }

                float* target = output + row + lane, inputs = x + row + lane;
                Skip(s0, skip, inputs, step, target, outputs);
                Skip(s1, skip + outputs, inputs, step, target + step, outputs);
                Skip(s2, skip + (2 * outputs), inputs, step, target + (2 * step), outputs);
                if (outputs > 3)
                    Skip(s3, skip + (3 * outputs), inputs, step, target + (3 * step), outputs);
            }
        }
    }

    /// <summary>target = sum + skip x, a register of rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Skip(T sum, float* skip, float* x, nint step, float* target, int inputs)
    {
        for (nint i = 0; i < inputs; i++, x += step)
            sum = L.MultiplyAdd(L.Broadcast(skip[i]), L.Load(x), sum);
        L.Store(target, sum);
    }

    /// <summary>
    /// gradient = rowScale (output - target) in place of the output. To lanes of sixteen are added: at 0 the squares gradient * (output - target), then for each output j its gradient (for the bias), then for
    /// each (j, i) gradient(j) x(i) (for the skip).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void LossGradient(in HeadBlock block, float* x, float* output, float* target, float* rowScale, float* lanes, int outputs)
    {
        nint step = block.BlockRows;
        for (nint lane = 0; lane < 16; lane += L.Count)
        {
            T squares = L.Load(lanes + lane);
            for (nint j = 0; j < outputs; j++)
            {
                float* o = output + (j * step) + lane, t = target + (j * step) + lane;
                T sum = L.Load(lanes + (16 * (1 + j)) + lane);
                for (nint row = 0; row < block.Rows; row += 16)
                {
                    T difference = L.Subtract(L.Load(o + row), L.Load(t + row));
                    T gradient = L.Multiply(difference, L.Load(rowScale + row + lane));
                    L.Store(o + row, gradient);
                    sum = L.Add(sum, gradient);
                    squares = L.MultiplyAdd(difference, gradient, squares);
                }

                L.Store(lanes + (16 * (1 + j)) + lane, sum);
                SkipGradient(o, x + lane, step, lanes + (16 * (1 + outputs + (j * outputs))) + lane, block.Rows, outputs);
            }

            L.Store(lanes + lane, squares);
        }
    }

    /// <summary>product(i) += gradient x(i) for one output and each input, four inputs at a time so that the gradient is loaded a quarter as often.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SkipGradient(float* gradient, float* x, nint step, float* products, nint rows, nint inputs)
    {
        nint i = 0, step3 = 3 * step;
        for (; i + 4 <= inputs; i += 4, x += 4 * step, products += 64)
        {
            T s0 = L.Load(products), s1 = L.Load(products + 16), s2 = L.Load(products + 32), s3 = L.Load(products + 48);
            for (nint row = 0; row < rows; row += 16)
            {
                T g = L.Load(gradient + row);
                float* xi = x + row;
                s0 = L.MultiplyAdd(g, L.Load(xi), s0);
                s1 = L.MultiplyAdd(g, L.Load(xi + step), s1);
                s2 = L.MultiplyAdd(g, L.Load(xi + (2 * step)), s2);
                s3 = L.MultiplyAdd(g, L.Load(xi + step3), s3);
            }

            L.Store(products, s0);
            L.Store(products + 16, s1);
            L.Store(products + 32, s2);
            L.Store(products + 48, s3);
        }

        for (; i < inputs; i++, x += step, products += 16)
        {
            T sum = L.Load(products);
            for (nint row = 0; row < rows; row += 16)
                sum = L.MultiplyAdd(L.Load(gradient + row), L.Load(x + row), sum);
            L.Store(products, sum);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward2(in HeadBlock block, bool accumulate)
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
    public static void Backward4(in HeadBlock block, bool accumulate)
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
    public static void Backward8(in HeadBlock block, bool accumulate)
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
