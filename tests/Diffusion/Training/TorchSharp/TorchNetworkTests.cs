using System.Runtime.InteropServices;
using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Numerics;
using Sweep.Diffusion.Schedules;
using Sweep.Diffusion.Training;
using Sweep.Diffusion.Training.Torch;
using TorchSharp;
using Xunit;

namespace Sweep.Tests.Diffusion.Training.Torch;

/// <summary>
/// libtorch's networks against the scalar references in double: what they say, and their gradients against finite differences, block by block.
/// </summary>
public sealed class TorchNetworkTests
{
    private const int Rows = 3, Features = 6;

    public TorchNetworkTests() => Assert.SkipWhen(TorchRuntime.Missing is not null, TorchRuntime.Missing ?? "");

    public static TheoryData<string, int, int, int, Activation> Shapes()
    {
        var data = new TheoryData<string, int, int, int, Activation>();
        foreach (var activation in Enum.GetValues<Activation>())
        {
            data.Add(NetworkKinds.Mlp, 3, 7, 2, activation);
            data.Add(NetworkKinds.Residual, 3, 8, 2, activation);
            data.Add(NetworkKinds.UNet, 16, 4, 1, activation);
        }

        data.Add(NetworkKinds.Residual, 1, 5, 3, Activation.Silu);
        data.Add(NetworkKinds.UNet, 64, 8, 2, Activation.Silu);
        data.Add(NetworkKinds.UNet, 144, 4, 1, Activation.Gelu);
        return data;
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Forward_InDouble_IsTheReference(string kind, int dimensions, int width, int layers, Activation activation)
    {
        var shape = NetworkKinds.Create(kind, dimensions, Features, width, layers, activation);
        double[] weights = Weights(shape), x = Normal(1, Rows * dimensions), features = Normal(2, Rows * Features);
        double[] actual = Forward(shape, weights, x, features);
        double[] expected = Reference(shape, weights, x, features);
        Assert.True(expected.Max(Math.Abs) > 0.1);
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], Tolerances.DoubleNetwork);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Gradient_InDouble_IsTheReferencesSlopeInEveryBlock(string kind, int dimensions, int width, int layers, Activation activation)
    {
        // Half a squared distance to random targets; the directional derivative along a random direction within each block.
        var shape = NetworkKinds.Create(kind, dimensions, Features, width, layers, activation);
        if (shape.ParameterCount > 20_000)
            return;
        double[] weights = Weights(shape), x = Normal(1, Rows * dimensions), features = Normal(2, Rows * Features), target = Normal(3, Rows * dimensions);
        double[] gradient = Gradient<double>(shape, weights, x, features, target, torch.float64);
        double all = Math.Sqrt(gradient.Sum(g => g * g));
        for (int b = 0; b < shape.Blocks.Count; b++)
        {
            var block = shape.Blocks[b];
            double[] direction = Normal((ulong)(10 + b), block.Count);
            double norm = Math.Sqrt(direction.Sum(v => v * v)), slope = 0;
            for (int i = 0; i < block.Count; i++)
                slope += gradient[block.Offset + i] * direction[i] / norm;
            const double Step = 1e-5;
            double finite = (Loss(Step) - Loss(-Step)) / (2 * Step);

            // ReLU has kinks: a difference across one is off by the step.
            Assert.True(Math.Abs(finite - slope) <= (activation == Activation.Relu ? 100 : 1) * Tolerances.NetworkSlope * all,
                $"{block.Name}: slope {slope}, finite differences {finite}");

            double Loss(double step)
            {
                double[] moved = [.. weights];
                for (int i = 0; i < block.Count; i++)
                    moved[block.Offset + i] += step * direction[i] / norm;
                return Reference(shape, moved, x, features).Zip(target, (a, t) => (a - t) * (a - t) / 2).Sum();
            }
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Gradient_InSingle_IsDoublesToSinglePrecision(string kind, int dimensions, int width, int layers, Activation activation)
    {
        var shape = NetworkKinds.Create(kind, dimensions, Features, width, layers, activation);
        double[] weights = Weights(shape), x = Normal(1, Rows * dimensions), features = Normal(2, Rows * Features), target = Normal(3, Rows * dimensions);
        double[] expected = Gradient<double>(shape, weights, x, features, target, torch.float64);
        float[] actual = Gradient<float>(shape, weights, x, features, target, torch.float32);
        foreach (var block in shape.Blocks)
        {
            double squares = 0, size = 0;
            for (int i = block.Offset; i < block.Offset + block.Count; i++)
            {
                squares += Math.Pow(expected[i] - actual[i], 2);
                size += expected[i] * expected[i];
            }

            Assert.True(Math.Sqrt(squares) <= Tolerances.SinglePrecisionGradient * Math.Sqrt(size), $"{block.Name}: off by {Math.Sqrt(squares / size)}");
        }
    }

    [Theory]
    [InlineData(NetworkKinds.Residual, 3)]
    [InlineData(NetworkKinds.UNet, 64)]
    [InlineData(NetworkKinds.Mlp, 3)]
    public void Denoise_OfManyRows_IsTheReferenceThroughTheParametrisation(string kind, int dimensions)
    {
        var shape = NetworkKinds.Create(kind, dimensions, Features, 8, 1, Activation.Silu);
        var network = new TrainedNetwork { Shape = shape, Parametrisation = Parametrisation.V, SigmaData = 0.7,
            Weights = Array.ConvertAll(Weights(shape), w => (float)w) };
        using var denoiser = TorchRuntime.Engine.CreateDenoiser(network, "torch:cpu");
        var level = new VpCosine().At(0.4);
        const int Many = 5000;
        double[] x = Normal(4, Many * dimensions), x0 = new double[x.Length];
        denoiser.Denoise(x, level, x0);
        float[] features = new float[Features];
        TimeFeatures.Fill(level, features);
        var c = ParametrisationCoefficients.For(network.Parametrisation, level, network.SigmaData);
        foreach (int row in (int[])[0, 1, 4095, 4096, Many - 1])
        {
            double[] point = x.AsSpan(row * dimensions, dimensions).ToArray();
            double[] output = Reference(shape, Weights(shape), [.. point.Select(v => v * c.InputScale)], Array.ConvertAll(features, f => (double)f));
            for (int i = 0; i < dimensions; i++)
                Assert.Equal((c.SkipScale * point[i]) + (c.OutputScale * output[i]), x0[(row * dimensions) + i], 10 * Tolerances.SinglePrecisionNetwork);
        }

        denoiser.Denoise(x, NoiseLevel.Clean, x0);
        Assert.Equal(x, x0);
    }

    /// <summary>As drawn, and moved so that nothing is zero.</summary>
    private static double[] Weights(NetworkShape shape)
    {
        double[] noise = Normal(7, shape.ParameterCount);
        return [.. shape.DrawWeights(1).Select((w, i) => (double)(float)(w + (0.2 * noise[i])))];
    }

    private static double[] Normal(ulong seed, int count)
    {
        double[] values = new double[count];
        NormalNoise.Fill(values, seed, NoisePurpose.InitialNoise, 0, 0, 1);
        return values;
    }

    private static double[] Reference(NetworkShape shape, double[] weights, double[] x, double[] features)
    {
        int d = shape.Dimensions, rows = x.Length / d;
        return [.. Enumerable.Range(0, rows).SelectMany(row =>
        {
            double[] point = x.AsSpan(row * d, d).ToArray(), level = features.AsSpan(row * Features, Features).ToArray();
            return shape switch
            {
                ResidualShape residual => ReferenceResidual.Forward(residual, weights, point, level),
                UNetShape unet => ReferenceUNet.Forward(unet, weights, point, level),
                _ => ReferenceMlp.Forward((MlpShape)shape, weights, [.. point, .. level]),
            };
        })];
    }

    private static double[] Forward(NetworkShape shape, double[] weights, double[] x, double[] features)
    {
        using var scope = torch.NewDisposeScope();
        using var network = TorchNetwork.Create(shape, torch.tensor(weights), gradient: null);
        using var without = torch.no_grad();
        var output = network.Forward(torch.tensor(x).reshape(-1, shape.Dimensions), torch.tensor(features).reshape(-1, Features));
        return MemoryMarshal.Cast<byte, double>(output.contiguous().bytes).ToArray();
    }

    private static T[] Gradient<T>(NetworkShape shape, double[] weights, double[] x, double[] features, double[] target, torch.ScalarType type)
        where T : struct
    {
        using var scope = torch.NewDisposeScope();
        var gradient = torch.zeros(weights.Length, dtype: type);
        using var network = TorchNetwork.Create(shape, torch.tensor(weights, dtype: type), gradient);
        var output = network.Forward(torch.tensor(x, dtype: type).reshape(-1, shape.Dimensions), torch.tensor(features, dtype: type).reshape(-1, Features));
        output.backward([output.detach() - torch.tensor(target, dtype: type).reshape(-1, shape.Dimensions)]);
        return MemoryMarshal.Cast<byte, T>(gradient.bytes).ToArray();
    }
}
