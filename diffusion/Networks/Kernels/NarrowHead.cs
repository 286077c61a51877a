using System.Runtime.CompilerServices;
using Sweep.Diffusion.Numerics;
using Sweep.Diffusion.Numerics.Lanes;

namespace Sweep.Diffusion.Networks.Kernels;

/// <summary>
/// The output layer of networks with at most eight outputs. Padding two outputs to a register of sixteen would waste seven eighths of its work, so here weights
/// lie as (out, in) along the hidden units, and outputs and targets as columns (out, rows): a register holds sixteen units, or sixteen rows.
/// </summary>
/// <remarks>
/// Sums over rows, and with up to two outputs those over units, run in sixteen chains (index modulo 16) on every path, added at the end in the order of <see
/// cref="ILanes{T}.Dot16"/>: that keeps paths bit-identical.
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
    /// The same for up to eight: sixteen rows are transposed, and then a register holds rows and nothing is summed across it. Each output is one chain: the
    /// bias, the hidden units in order, the inputs in order.
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
    /// gradient = rowScale (output - target) in place of the output. To lanes of sixteen are added: at 0 the squares gradient * (output - target), then for
    /// each output j its gradient (for the bias), then for each (j, i) gradient(j) x(i) (for the skip).
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
}
