using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Numerics;
using Sweep.Diffusion.Schedules;
using Sweep.Diffusion.Training;
using Xunit;

namespace Sweep.Tests.Diffusion.Networks;

public class MlpDenoiserTests
{
    [Theory]
    [InlineData(1, 4, 1)]
    [InlineData(2, 16, 3)]
    [InlineData(20, 7, 2)]
    [InlineData(3, 128, 2)]
    public void Denoise_OfManyRows_AgreesWithTheReferenceAndWithSingleRows(int dimensions, int width, int layers)
    {
        var network = Network(dimensions, width, layers);
        using var denoiser = network.CreateDenoiser();
        var level = new NoiseLevel(0.7, 0.5);
        const int Rows = 201;
        double[] x = new double[Rows * dimensions], actual = new double[x.Length], single = new double[dimensions];
        NormalNoise.Fill(x, 3, NoisePurpose.InitialNoise, 0, 0, dimensions);
        denoiser.Denoise(x, level, actual);
        double[] weights = [.. network.Weights.Select(w => (double)w)];
        var c = ParametrisationCoefficients.For(network.Parametrisation, level, network.SigmaData);
        float[] features = new float[network.Shape.TimeFeatures];
        TimeFeatures.Fill(level, features);
        for (int row = 0; row < Rows; row += 25)
        {
            double[] point = x[(row * dimensions)..((row + 1) * dimensions)];
            double[] output =
                ReferenceMlp.Forward((MlpShape)network.Shape, weights, [.. point.Select(v => c.InputScale * v), .. features.Select(f => (double)f)]);
            denoiser.Denoise(point, level, single);
            for (int i = 0; i < dimensions; i++)
            {
                Assert.Equal((c.SkipScale * point[i]) + (c.OutputScale * output[i]), actual[(row * dimensions) + i], Tolerances.SinglePrecisionNetwork);
                Assert.Equal(single[i], actual[(row * dimensions) + i]);
            }
        }
    }

    [Fact]
    public void Denoise_AtACleanLevel_ReturnsItsInput()
    {
        using var denoiser = Network(2, 8, 1).CreateDenoiser();
        double[] x0 = new double[2];
        denoiser.Denoise([1.25, -7], NoiseLevel.Clean, x0);
        Assert.Equal([1.25, -7], x0);
    }

    [Fact]
    public void Denoise_OnEveryPath_GivesTheSameBits()
    {
        var network = Network(5, 33, 2);
        double[] x = new double[5 * 77], expected = new double[x.Length], actual = new double[x.Length];
        NormalNoise.Fill(x, 3, NoisePurpose.InitialNoise, 0, 0, 5);
        using var scalar = new MlpDenoiser(network, VectorPath.Scalar);
        scalar.Denoise(x, new NoiseLevel(1, 2), expected);
        foreach (var path in new[] { VectorPath.Vector256, VectorPath.Vector512 }.Where(VectorPaths.Supports))
        {
            using var denoiser = new MlpDenoiser(network, path);
            denoiser.Denoise(x, new NoiseLevel(1, 2), actual);
            Assert.Equal(expected, actual);
        }
    }

    private static TrainedNetwork Network(int dimensions, int width, int layers)
    {
        var shape = new MlpShape(dimensions, 32, width, layers, Activation.Silu);
        float[] weights = InitialWeights.Draw(shape, 11);
        var stream = new PhiloxStream(1, NoisePurpose.Bootstrap);
        foreach (ref float w in weights.AsSpan(MlpLayout.For(shape).OutputWeight.Offset))
            w = (float)(0.3 * stream.NextNormal());
        return new TrainedNetwork { Shape = shape, Parametrisation = Parametrisation.Edm, SigmaData = 1.3, Weights = weights };
    }
}
