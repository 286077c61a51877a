using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using V = System.Runtime.Intrinsics.Vector256<float>;

namespace Sweep.Diffusion.Numerics.Lanes;

/// <summary>8 lanes (AVX2 and FMA).</summary>
internal readonly unsafe struct Lanes256 : ILanes<V>
{
    public static int Count => 8;

    public static VectorPath Path => VectorPath.Vector256;

    public static V Zero => V.Zero;

    public static V LaneIndices => Vector256<uint>.Indices.AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Load(float* source) => Vector256.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* target, V value) => value.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Broadcast(float value) => Vector256.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V BroadcastBits(uint bits) => Vector256.Create(bits).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Add(V a, V b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Subtract(V a, V b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Multiply(V a, V b) => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Divide(V a, V b) => a / b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V MultiplyAdd(V a, V b, V c) => Vector256.FusedMultiplyAdd(a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V SquareRoot(V a) => Vector256.Sqrt(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Minimum(V a, V b) => Avx.Min(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Maximum(V a, V b) => Avx.Max(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V GreaterThan(V a, V b) => Vector256.GreaterThan(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V And(V a, V b) => a & b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Or(V a, V b) => a | b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Xor(V a, V b) => a ^ b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Select(V mask, V a, V b) => Vector256.ConditionalSelect(mask, a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V AddBits(V a, V b) => (a.AsUInt32() + b.AsUInt32()).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V ShiftLeft(V a, int bits) => (a.AsUInt32() << bits).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V ShiftRight(V a, int bits) => (a.AsUInt32() >>> bits).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V SignMask(V a) => (a.AsInt32() >> 31).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V ToFloat(V integers) => Vector256.ConvertToSingle(integers.AsInt32());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Fraction(V x) => x - Vector256.Floor(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V ScaleByFloor(V a, V power)
    {
        V whole = Vector256.Floor(Avx.Max(Vector256.Create(-127f), power));
        return a * ((Vector256.ConvertToInt32(whole) + Vector256.Create(127)) << 23).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (V High, V Low) MultiplyWide(V a, uint factor)
    {
        var m = Vector256.Create(factor);
        var even = Avx2.Multiply(a.AsUInt32(), m);
        var odd = Avx2.Multiply((a.AsUInt64() >>> 32).AsUInt32(), m);
        var oddLanes = Vector256.Create(0xFFFFFFFF00000000UL);
        var high = Vector256.ConditionalSelect(oddLanes, odd, even >>> 32);
        var low = Vector256.ConditionalSelect(oddLanes, odd << 32, even);
        return (high.AsSingle(), low.AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Dot16(float* rows, nint stride, float* vector, nint columns, float* products)
    {
        for (int row = 0; row < 16; row++, rows += stride)
        {
            V low = Vector256.Load(rows) * Vector256.Load(vector), high = Vector256.Load(rows + 8) * Vector256.Load(vector + 8);
            for (nint column = 16; column < columns; column += 16)
            {
                low = Vector256.FusedMultiplyAdd(Vector256.Load(rows + column), Vector256.Load(vector + column), low);
                high = Vector256.FusedMultiplyAdd(Vector256.Load(rows + column + 8), Vector256.Load(vector + column + 8), high);
            }

            V eight = low + high;
            var four = eight.GetLower() + eight.GetUpper();
            var two = four + Sse.MoveHighToLow(four, four);
            products[row] = two.ToScalar() + two.GetElement(1);
        }
    }
}
