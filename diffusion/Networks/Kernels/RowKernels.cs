using System.Runtime.CompilerServices;
using Sweep.Diffusion.Numerics.Lanes;

namespace Sweep.Diffusion.Networks.Kernels;

/// <summary>The elementwise passes over (rows, columns) blocks, columns a multiple of 16.</summary>
internal static unsafe class RowKernels<T, L>
    where T : unmanaged
    where L : struct, ILanes<T>
{
    /// <summary>h = f(z) in place, derivative = f'(z). Two registers at a time, so that the polynomials' constants are loaded half as often.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Activate<TActivation>(float* h, float* derivative, int rows, int columns, nint stride)
        where TActivation : struct, IActivation<T>
    {
        for (; rows > 0; rows--, h += stride, derivative += stride)
        {
            nint column = 0;
            for (; column + L.Count < columns; column += 2 * L.Count)
            {
                (T value, T slope) = TActivation.ValueAndDerivative(L.Load(h + column));
                (T nextValue, T nextSlope) = TActivation.ValueAndDerivative(L.Load(h + column + L.Count));
                L.Store(h + column, value);
                L.Store(derivative + column, slope);
                L.Store(h + column + L.Count, nextValue);
                L.Store(derivative + column + L.Count, nextSlope);
            }

            if (column < columns)
            {
                (T value, T slope) = TActivation.ValueAndDerivative(L.Load(h + column));
                L.Store(h + column, value);
                L.Store(derivative + column, slope);
            }
        }
    }

    /// <summary>h = f(z) in place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Activate<TActivation>(float* h, int rows, int columns, nint stride)
        where TActivation : struct, IActivation<T>
    {
        for (; rows > 0; rows--, h += stride)
        {
            nint column = 0;
            for (; column + L.Count < columns; column += 2 * L.Count)
            {
                T value = TActivation.Value(L.Load(h + column)), next = TActivation.Value(L.Load(h + column + L.Count));
                L.Store(h + column, value);
                L.Store(h + column + L.Count, next);
            }

            if (column < columns)
                L.Store(h + column, TActivation.Value(L.Load(h + column)));
        }
    }

    /// <summary>
    /// gradient *= upstream, and bias += the column sums of the product. Rows are a multiple of 4; sums run in four chains (row modulo 4) that are added at the
    /// end, to hide the addition's latency.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void MultiplyAndSum(float* gradient, float* upstream, float* bias, bool accumulate, int rows, int columns, nint stride)
    {
        for (nint column = 0; column < columns; column += L.Count)
        {
            T s0 = L.Zero, s1 = L.Zero, s2 = L.Zero, s3 = L.Zero;
            float* g = gradient + column, u = upstream + column;
            for (int row = rows; row > 0; row -= 4, g += 4 * stride, u += 4 * stride)
            {
                T g0 = L.Multiply(L.Load(g), L.Load(u));
                T g1 = L.Multiply(L.Load(g + stride), L.Load(u + stride));
                T g2 = L.Multiply(L.Load(g + (2 * stride)), L.Load(u + (2 * stride)));
                T g3 = L.Multiply(L.Load(g + (3 * stride)), L.Load(u + (3 * stride)));
                L.Store(g, g0);
                L.Store(g + stride, g1);
                L.Store(g + (2 * stride), g2);
                L.Store(g + (3 * stride), g3);
                s0 = L.Add(s0, g0);
                s1 = L.Add(s1, g1);
                s2 = L.Add(s2, g2);
                s3 = L.Add(s3, g3);
            }

            T sum = L.Add(L.Add(s0, s1), L.Add(s2, s3));
            L.Store(bias + column, accumulate ? L.Add(L.Load(bias + column), sum) : sum);
        }
    }

    /// <summary>
    /// The weighted squared error: gradient = rowScale (output - target) in place of the output, bias += its column sums, and to <paramref name="squares"/>
    /// (one float per column) the sums of gradient * (output - target), which add up to twice the loss.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void LossGradient(float* output, float* target, float* rowScale, float* bias, float* squares, bool accumulate, int rows,
        int columns, nint stride)
    {
        for (nint column = 0; column < columns; column += L.Count)
        {
            T b0 = L.Zero, b1 = L.Zero, q0 = L.Zero, q1 = L.Zero;
            float* o = output + column, t = target + column;
            for (int row = 0; row < rows; row += 2, o += 2 * stride, t += 2 * stride)
            {
                T d0 = L.Subtract(L.Load(o), L.Load(t));
                T d1 = L.Subtract(L.Load(o + stride), L.Load(t + stride));
                T g0 = L.Multiply(d0, L.Broadcast(rowScale[row]));
                T g1 = L.Multiply(d1, L.Broadcast(rowScale[row + 1]));
                L.Store(o, g0);
                L.Store(o + stride, g1);
                b0 = L.Add(b0, g0);
                b1 = L.Add(b1, g1);
                q0 = L.MultiplyAdd(d0, g0, q0);
                q1 = L.MultiplyAdd(d1, g1, q1);
            }

            T sum = L.Add(b0, b1);
            L.Store(bias + column, accumulate ? L.Add(L.Load(bias + column), sum) : sum);
            L.Store(squares + column, L.Add(q0, q1));
        }
    }

    /// <summary>
    /// One step of Adam (Kingma and Ba, arXiv 1412.6980, with epsilon outside the square root's bias correction as in their algorithm 1 and PyTorch):
    /// w -= rate m / (sqrt(v) * inverseRootCorrection + epsilon), rate having the first moment's bias correction in it. Count is a multiple of 16.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Adam(float* weights, float* gradient, float* first, float* second, nint count, AdamStep step)
    {
        T beta1 = L.Broadcast((float)AdamStep.Beta1), keep1 = L.Broadcast((float)(1 - AdamStep.Beta1));
        T beta2 = L.Broadcast((float)AdamStep.Beta2), keep2 = L.Broadcast((float)(1 - AdamStep.Beta2));
        T rate = L.Broadcast(-step.Rate), root = L.Broadcast(step.InverseRootCorrection), epsilon = L.Broadcast(AdamStep.Epsilon);
        for (nint i = 0; i < count; i += L.Count)
        {
            T g = L.Load(gradient + i);
            T m = L.MultiplyAdd(beta1, L.Load(first + i), L.Multiply(keep1, g));
            T v = L.MultiplyAdd(beta2, L.Load(second + i), L.Multiply(keep2, L.Multiply(g, g)));
            L.Store(first + i, m);
            L.Store(second + i, v);
            T denominator = L.MultiplyAdd(L.SquareRoot(v), root, epsilon);
            L.Store(weights + i, L.MultiplyAdd(rate, L.Divide(m, denominator), L.Load(weights + i)));
        }
    }
}
