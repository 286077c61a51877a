using System.Runtime.Intrinsics;
using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Networks.Kernels;
using Sweep.Diffusion.Numerics;
using Sweep.Diffusion.Numerics.Lanes;
using Xunit;

namespace Sweep.Tests.Diffusion.Networks;

/// <summary>The fp32 functions against double, and the vectorised ones against the scalar bits.</summary>
public unsafe class Fp32Tests
{
    /// <summary>Dense near zero, out to where everything has saturated, and the special values.</summary>
    private static readonly float[] Arguments =
    [
        .. Enumerable.Range(-4000, 8001).Select(i => i / 400f), .. Enumerable.Range(-1000, 2001).Select(i => i / 1e4f),
        .. Enumerable.Range(-120, 241).Select(i => (float)i),
        0f, -0f, 1e-30f, -1e-30f, 1e30f, -1e30f,
    ];

    [Fact]
    public void Exp_OverItsRange_AgreesWithDouble() =>
        Check(x => Fp32<float, LanesScalar>.Exp(x), x => Math.Exp(Math.Clamp(x, -87, 88)), relative: true);

    [Fact]
    public void ExpMinusOne_OverItsRange_AgreesWithDouble() =>
        Check(x => Fp32<float, LanesScalar>.ExpMinusOne(x), x => Math.Abs(x) < 1e-5 ? x + (x * x / 2) : Math.Exp(Math.Clamp(x, -87, 87)) - 1, relative: true);

    [Fact]
    public void Tanh_Everywhere_AgreesWithDouble() => Check(x => Fp32<float, LanesScalar>.Tanh(x), Math.Tanh, relative: true);

    [Fact]
    public void Sigmoid_OverItsRange_AgreesWithDouble() =>
        Check(x => Fp32<float, LanesScalar>.Sigmoid(Math.Clamp(x, -17, 17)), x => 1 / (1 + Math.Exp(-x)), relative: false);

    [Fact]
    public void Normal_Everywhere_AgreesWithDouble()
    {
        Check(x => Fp32<float, LanesScalar>.Normal(x).Distribution, x => MathNet.Numerics.SpecialFunctions.Erfc(-x / Math.Sqrt(2)) / 2, relative: false);
        Check(x => Fp32<float, LanesScalar>.Normal(x).Density, x => Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI), relative: false);
    }

    [Fact]
    public void Log_OfPositiveNumbers_AgreesWithDouble()
    {
        var stream = new PhiloxStream(1, NoisePurpose.Bootstrap);
        for (int i = 0; i < 100_000; i++)
        {
            float x = (float)Math.Exp((stream.NextDouble() * 60) - 40);
            Assert.Equal(Math.Log(x), Fp32<float, LanesScalar>.Log(x), (1 + Math.Abs(Math.Log(x))) * Tolerances.Fp32Function);
        }
    }

    [Fact]
    public void SinCosTurn_OfAnyWord_AgreesWithDouble()
    {
        var stream = new PhiloxStream(2, NoisePurpose.Bootstrap);
        for (int i = 0; i < 100_000; i++)
        {
            uint u = i < 16 ? (uint)i << 28 : (uint)stream.NextUInt64();
            (float sin, float cos) = Fp32<float, LanesScalar>.SinCosTurn(BitConverter.UInt32BitsToSingle(u));
            Assert.Equal(Math.Sin(2 * Math.PI * u / 4294967296.0), sin, Tolerances.Fp32Function);
            Assert.Equal(Math.Cos(2 * Math.PI * u / 4294967296.0), cos, Tolerances.Fp32Function);
        }
    }

    [Theory]
    [InlineData(Activation.Silu)]
    [InlineData(Activation.Relu)]
    [InlineData(Activation.Tanh)]
    [InlineData(Activation.Gelu)]
    public void Activation_OnEveryPath_HasTheScalarBitsAndDoublesValue(Activation activation)
    {
        (float[] value, float[] slope) = Apply<float, LanesScalar>(activation);
        for (int i = 0; i < Arguments.Length; i++)
        {
            double x = Arguments[i];
            double scale = 1 + Math.Abs(x);
            Assert.Equal(ReferenceMlp.Value(activation, x), value[i], Tolerances.Fp32Function * scale);
            Assert.Equal(ReferenceMlp.Slope(activation, x), slope[i], Tolerances.Fp32Function * Math.Min(scale, 10));
        }

        if (VectorPaths.Supports(VectorPath.Vector256))
            AssertSameBits((value, slope), Apply<Vector256<float>, Lanes256>(activation));
        if (VectorPaths.Supports(VectorPath.Vector512))
            AssertSameBits((value, slope), Apply<Vector512<float>, Lanes512>(activation));
    }

    [Theory]
    [InlineData(Activation.Silu)]
    [InlineData(Activation.Relu)]
    [InlineData(Activation.Tanh)]
    [InlineData(Activation.Gelu)]
    public void Activation_OfNaN_IsNaN(Activation activation) =>
        Assert.True(float.IsNaN(ApplyTo<float, LanesScalar>(activation, [float.NaN, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]).Values[0]));

    private static void Check(Func<float, float> actual, Func<double, double> expected, bool relative)
    {
        foreach (float x in Arguments)
        {
            double e = expected(x);
            double tolerance = Tolerances.Fp32Function * (relative ? Math.Abs(e) : 1);
            Assert.True(Math.Abs(actual(x) - e) <= tolerance, $"at {x}: {actual(x)} where double gives {e}");
        }
    }

    private static (float[] Values, float[] Slopes) Apply<T, L>(Activation activation)
        where T : unmanaged
        where L : struct, ILanes<T> => ApplyTo<T, L>(activation, Arguments);

    private static (float[] Values, float[] Slopes) ApplyTo<T, L>(Activation activation, float[] arguments)
        where T : unmanaged
        where L : struct, ILanes<T>
    {
        int padded = (arguments.Length + 15) & ~15;
        float[] values = [.. arguments, .. new float[padded - arguments.Length]], slopes = new float[padded];
        fixed (float* v = values, s = slopes)
        {
            switch (activation)
            {
                case Activation.Silu:
                    RowKernels<T, L>.Activate<SiluActivation<T, L>>(v, s, 1, padded, padded);
                    break;
                case Activation.Relu:
                    RowKernels<T, L>.Activate<ReluActivation<T, L>>(v, s, 1, padded, padded);
                    break;
                case Activation.Tanh:
                    RowKernels<T, L>.Activate<TanhActivation<T, L>>(v, s, 1, padded, padded);
                    break;
                default:
                    RowKernels<T, L>.Activate<GeluActivation<T, L>>(v, s, 1, padded, padded);
                    break;
            }
        }

        return (values[..arguments.Length], slopes[..arguments.Length]);
    }

    private static void AssertSameBits((float[] Value, float[] Slope) expected, (float[] Value, float[] Slope) actual)
    {
        Assert.Equal(expected.Value.Select(BitConverter.SingleToInt32Bits), actual.Value.Select(BitConverter.SingleToInt32Bits));
        Assert.Equal(expected.Slope.Select(BitConverter.SingleToInt32Bits), actual.Slope.Select(BitConverter.SingleToInt32Bits));
    }
}
