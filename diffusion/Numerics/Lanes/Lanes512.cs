using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace Sweep.Diffusion.Numerics.Lanes;

/// <summary>16 lanes (AVX-512).</summary>
internal readonly unsafe struct Lanes512 : ILanes<V>
{
    public static int Count => 16;

    public static VectorPath Path => VectorPath.Vector512;

    public static V Zero => V.Zero;

    public static V LaneIndices => Vector512<uint>.Indices.AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Load(float* source) => Vector512.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* target, V value) => value.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Broadcast(float value) => Vector512.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V BroadcastBits(uint bits) => Vector512.Create(bits).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Add(V a, V b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Subtract(V a, V b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Multiply(V a, V b) => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Divide(V a, V b) => a / b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V MultiplyAdd(V a, V b, V c) => Vector512.FusedMultiplyAdd(a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V SquareRoot(V a) => Vector512.Sqrt(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Minimum(V a, V b) => Avx512F.Min(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Maximum(V a, V b) => Avx512F.Max(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V GreaterThan(V a, V b) => Vector512.GreaterThan(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V And(V a, V b) => a & b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Or(V a, V b) => a | b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Xor(V a, V b) => a ^ b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Select(V mask, V a, V b) => Vector512.ConditionalSelect(mask, a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V AddBits(V a, V b) => (a.AsUInt32() + b.AsUInt32()).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V ShiftLeft(V a, int bits) => (a.AsUInt32() << bits).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V ShiftRight(V a, int bits) => (a.AsUInt32() >>> bits).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V SignMask(V a) => (a.AsInt32() >> 31).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V ToFloat(V integers) => Vector512.ConvertToSingle(integers.AsInt32());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Fraction(V x) => Avx512DQ.Reduce(x, 0x09);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V ScaleByFloor(V a, V power) => Avx512F.Scale(a, power);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (V High, V Low) MultiplyWide(V a, uint factor)
    {
        var m = Vector512.Create(factor);
        var even = Avx512F.Multiply(a.AsUInt32(), m);
        var odd = Avx512F.Multiply((a.AsUInt64() >>> 32).AsUInt32(), m);
        var oddLanes = Vector512.Create(0xFFFFFFFF00000000UL);
        var high = Vector512.ConditionalSelect(oddLanes, odd, even >>> 32);
        var low = Vector512.ConditionalSelect(oddLanes, odd << 32, even);
        return (high.AsSingle(), low.AsSingle());
    }

    /// <summary>A tree that halves rows and joins two of them in a register at each level; the row order it ends with is undone by one permutation.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Dot16(float* rows, nint stride, float* vector, nint columns, float* products)
    {
        V q0 = Quarters(Halves(rows, 0, stride, vector, columns), Halves(rows, 4, stride, vector, columns));
        V q2 = Quarters(Halves(rows, 2, stride, vector, columns), Halves(rows, 6, stride, vector, columns));
        V e0 = Avx512F.Shuffle(q0, q2, 0x44) + Avx512F.Shuffle(q0, q2, 0xEE);
        V q1 = Quarters(Halves(rows, 1, stride, vector, columns), Halves(rows, 5, stride, vector, columns));
        V q3 = Quarters(Halves(rows, 3, stride, vector, columns), Halves(rows, 7, stride, vector, columns));
        V e1 = Avx512F.Shuffle(q1, q3, 0x44) + Avx512F.Shuffle(q1, q3, 0xEE);
        V total = Avx512F.Shuffle(e0, e1, 0x88) + Avx512F.Shuffle(e0, e1, 0xDD);
        Avx512F.PermuteVar16x32(total, Vector512.Create(0, 2, 1, 3, 8, 10, 9, 11, 4, 6, 5, 7, 12, 14, 13, 15)).Store(products);
    }

    /// <summary>Rows i (low half) and i + 8 (high half), their 16 chains summed to 8.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Halves(float* rows, nint i, nint stride, float* vector, nint columns)
    {
        float* r = rows + (i * stride), s = rows + ((i + 8) * stride);
        V a = Vector512.Load(r) * Vector512.Load(vector), b = Vector512.Load(s) * Vector512.Load(vector);
        for (nint column = 16; column < columns; column += 16)
        {
            V v = Vector512.Load(vector + column);
            a = Vector512.FusedMultiplyAdd(Vector512.Load(r + column), v, a);
            b = Vector512.FusedMultiplyAdd(Vector512.Load(s + column), v, b);
        }

        return Avx512F.Shuffle4x128(a, b, 0x44) + Avx512F.Shuffle4x128(a, b, 0xEE);
    }

    /// <summary>Of two such registers, 8 elements summed to 4.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Quarters(V a, V b) => Avx512F.Shuffle4x128(a, b, 0x88) + Avx512F.Shuffle4x128(a, b, 0xDD);
}
