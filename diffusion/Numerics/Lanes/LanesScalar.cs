using System.Runtime.CompilerServices;

namespace Sweep.Diffusion.Numerics.Lanes;

/// <summary>One lane: the plain twin that the vectorised paths are tested against, and the path of machines without AVX2 and FMA.</summary>
internal readonly unsafe struct LanesScalar : ILanes<float>
{
    public static int Count => 1;

    public static VectorPath Path => VectorPath.Scalar;

    public static float Zero => 0;

    public static float LaneIndices => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Load(float* source) => *source;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* target, float value) => *target = value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Broadcast(float value) => value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float BroadcastBits(uint bits) => BitConverter.UInt32BitsToSingle(bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Add(float a, float b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Subtract(float a, float b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Multiply(float a, float b) => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Divide(float a, float b) => a / b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float MultiplyAdd(float a, float b, float c) => MathF.FusedMultiplyAdd(a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float SquareRoot(float a) => MathF.Sqrt(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Minimum(float a, float b) => a < b ? a : b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Maximum(float a, float b) => a > b ? a : b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float GreaterThan(float a, float b) => BitConverter.UInt32BitsToSingle(a > b ? uint.MaxValue : 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float And(float a, float b) => FromBits(Bits(a) & Bits(b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Or(float a, float b) => FromBits(Bits(a) | Bits(b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Xor(float a, float b) => FromBits(Bits(a) ^ Bits(b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Select(float mask, float a, float b) => FromBits((Bits(mask) & Bits(a)) | (~Bits(mask) & Bits(b)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float AddBits(float a, float b) => FromBits(unchecked(Bits(a) + Bits(b)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float ShiftLeft(float a, int bits) => FromBits(Bits(a) << bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float ShiftRight(float a, int bits) => FromBits(Bits(a) >> bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float SignMask(float a) => FromBits((uint)((int)Bits(a) >> 31));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float ToFloat(float integers) => (int)Bits(integers);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Fraction(float x) => x - MathF.Floor(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float ScaleByFloor(float a, float power) => a * FromBits((uint)((int)MathF.Floor(Maximum(-127, power)) + 127) << 23);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (float High, float Low) MultiplyWide(float a, uint factor)
    {
        ulong product = (ulong)Bits(a) * factor;
        return (FromBits((uint)(product >> 32)), FromBits((uint)product));
    }

    public static void Dot16(float* rows, nint stride, float* vector, nint columns, float* products)
    {
        float* sums = stackalloc float[16];
        for (int row = 0; row < 16; row++, rows += stride)
        {
            for (int l = 0; l < 16; l++)
            {
                sums[l] = rows[l] * vector[l];
                for (nint column = 16 + l; column < columns; column += 16)
                    sums[l] = MathF.FusedMultiplyAdd(rows[column], vector[column], sums[l]);
            }

            for (int half = 8; half >= 1; half /= 2)
            {
                for (int l = 0; l < half; l++)
                    sums[l] += sums[l + half];
            }

            products[row] = sums[0];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Bits(float a) => BitConverter.SingleToUInt32Bits(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float FromBits(uint bits) => BitConverter.UInt32BitsToSingle(bits);
}
