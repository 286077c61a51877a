using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Numerics;
using Sweep.Diffusion.Schedules;
using Sweep.Diffusion.Training.Cuda;
using Sweep.Diffusion.Training;
using Xunit;

namespace Sweep.Tests.Diffusion.Training.Cuda;

/// <summary>Networks evaluated by the GPU's forward kernel, built for the host, against the CPU's denoiser.</summary>
public class PackedDenoiserTests
{
    private static readonly NoiseLevel Level = new(0.7, 0.5);

    public PackedDenoiserTests() => HostBackend.Require();

    public static TheoryData<int, int, int, Activation, int> Shapes()
    {
        // Dimensions, width, layers, activation, rows.
        var data = new TheoryData<int, int, int, Activation, int>();
        foreach (var activation in Enum.GetValues<Activation>())
        {
            data.Add(2, 16, 3, activation, 130);
            data.Add(3, 33, 2, activation, 64);
        }

        data.Add(1, 4, 1, Activation.Silu, 1);
        data.Add(5, 17, 8, Activation.Tanh, 63);
        data.Add(18, 64, 2, Activation.Gelu, 65);
        data.Add(70, 20, 1, Activation.Silu, 40);
        data.Add(4, 100, 3, Activation.Silu, 70);
        data.Add(2, 128, 2, Activation.Relu, 100);
        data.Add(2, 256, 2, Activation.Silu, 33);
        data.Add(2, 300, 1, Activation.Tanh, 65);
        data.Add(3, 600, 2, Activation.Silu, 9);
        return data;
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Denoise_OfEveryShape_AgreesWithTheCpu(int dimensions, int width, int layers, Activation activation, int rows)
    {
        var network = Network(dimensions, width, layers, activation);
        double[] x = Points(rows, dimensions), actual = new double[x.Length], expected = new double[x.Length];
        using var backend = new HostBackend();
        using (var denoiser = new PackedDenoiser(backend, backend.Allocate, network))
            denoiser.Denoise(x, Level, actual);
        using (var cpu = network.CreateDenoiser())
            cpu.Denoise(x, Level, expected);
        for (int i = 0; i < x.Length; i++)
            Assert.Equal(expected[i], actual[i], Tolerances.SinglePrecisionNetwork);
        Assert.Equal(0, backend.Allocated);
    }

    [Fact]
    public void Denoise_OfEveryParametrisationAndLevel_AgreesWithTheCpu()
    {
        using var backend = new HostBackend();
        double[] x = Points(20, 2), actual = new double[x.Length], expected = new double[x.Length];
        foreach (var parametrisation in Enum.GetValues<Parametrisation>())
        {
            var network = Network(2, 16, 2, Activation.Silu) with { Parametrisation = parametrisation };
            using var denoiser = new PackedDenoiser(backend, backend.Allocate, network);
            using var cpu = network.CreateDenoiser();
            foreach (var level in (NoiseLevel[])[new(1, 0.01), new(0.3, 0.95), new(1, 80), NoiseLevel.Clean])
            {
                denoiser.Denoise(x, level, actual);
                cpu.Denoise(x, level, expected);
                for (int i = 0; i < x.Length; i++)
                    Assert.Equal(expected[i], actual[i], Tolerances.SinglePrecisionNetwork * Math.Max(1, level.Noise / level.Signal));
            }
        }
    }

    /// <summary>Rows are what they are alone, few or many, on any kernel that is fit and with threads in any order.</summary>
    [Theory]
    [InlineData(16)]
    [InlineData(64)]
    [InlineData(128)]
    [InlineData(520)]
    public void Denoise_OfARow_DoesNotDependOnTheOthersNorOnTheOrderOfThreads(int width)
    {
        var network = Network(3, width, 2, Activation.Silu);
        double[] x = Points(150, 3), all = new double[x.Length], other = new double[x.Length], few = new double[9];
        using (var backend = new HostBackend())
        using (var denoiser = new PackedDenoiser(backend, backend.Allocate, network))
        {
            denoiser.Denoise(x.AsSpan(0, 9), Level, few);
            denoiser.Denoise(x, Level, all);
            Assert.Equal(few, all[..9]);
            denoiser.Denoise(x.AsSpan(141 * 3), Level, other.AsSpan(0, 27));
            Assert.Equal(all[^27..], other[..27]);
        }

        foreach (var order in (HostOrder[])[HostOrder.Descending, HostOrder.Scattered])
        {
            using var backend = new HostBackend(order);
            using var denoiser = new PackedDenoiser(backend, backend.Allocate, network);
            denoiser.Denoise(x, Level, other);
            Assert.Equal(all, other);
        }
    }

    [Fact]
    public void Denoise_OnADeviceOfLittleSharedMemory_TakesAKernelThatFits()
    {
        var network = Network(2, 64, 8, Activation.Silu);
        double[] x = Points(70, 2), actual = new double[x.Length], expected = new double[x.Length];
        using var backend = new HostBackend(sharedBytes: 48 << 10);
        using var denoiser = new PackedDenoiser(backend, backend.Allocate, network);
        denoiser.Denoise(x, Level, actual);
        using var cpu = network.CreateDenoiser();
        cpu.Denoise(x, Level, expected);
        for (int i = 0; i < x.Length; i++)
            Assert.Equal(expected[i], actual[i], Tolerances.SinglePrecisionNetwork);
    }

    [Fact]
    public void Denoise_OfANetworkThatDiverged_IsNotANumberThereAlone()
    {
        var network = Network(2, 16, 1, Activation.Silu);
        double[] x = Points(70, 2), actual = new double[x.Length];
        x[6] = double.NaN;
        using var backend = new HostBackend();
        using var denoiser = new PackedDenoiser(backend, backend.Allocate, network);
        denoiser.Denoise(x, Level, actual);
        Assert.Equal([6, 7], Enumerable.Range(0, actual.Length).Where(i => double.IsNaN(actual[i])));
    }

    private static double[] Points(int rows, int dimensions)
    {
        double[] x = new double[rows * dimensions];
        NormalNoise.Fill(x, 3, NoisePurpose.InitialNoise, 0, 0, dimensions);
        return x;
    }

    private static TrainedNetwork Network(int dimensions, int width, int layers, Activation activation)
    {
        var shape = new MlpShape(dimensions, MlpShape.DefaultTimeFeatures, width, layers, activation);
        float[] weights = InitialWeights.Draw(shape, 11);
        var stream = new PhiloxStream(1, NoisePurpose.Bootstrap);
        foreach (ref float w in weights.AsSpan(MlpLayout.For(shape).OutputWeight.Offset))
            w = (float)(0.3 / Math.Sqrt(width / 8.0) * stream.NextNormal());
        return new TrainedNetwork { Shape = shape, Parametrisation = Parametrisation.Edm, SigmaData = 1.3, Weights = weights };
    }
}
