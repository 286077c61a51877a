using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Networks.Reference;
using Sweep.Diffusion.Schedules;
using Xunit;

namespace Sweep.Tests.Diffusion.Networks.Reference;

public sealed class DeltaMixtureDenoiserTests : ReferenceDenoiserConformance
{
    protected override IDenoiser Create(PointSet training) => new DeltaMixtureDenoiser(training);

    protected override (double[] Nodes, double[] Weights) Prior(PointSet training) => (training.Values, [.. Enumerable.Repeat(1.0, training.Count)]);

    [Theory]
    [InlineData(1e-3)]
    [InlineData(1e-30)]
    [InlineData(1e-200)]
    public void Denoise_WithHardlyAnyNoise_IsTheNearestPoint(double noise)
    {
        PointSet training = Bimodal(700, 2);
        double[] result = new double[2];
        for (int i = 0; i < 700; i += 99)
        {
            new DeltaMixtureDenoiser(training).Denoise([training.Row(i)[0] + 1e-9, training.Row(i)[1]], new NoiseLevel(1, noise), result);

            Assert.Equal(training.Row(i).ToArray(), result, (a, b) => Math.Abs(a - b) < Tolerances.NearestPoint);
        }
    }

    [Fact]
    public void Denoise_OverSeveralBlocks_IsTheSoftmaxWrittenOut()
    {
        PointSet training = Bimodal(1000, 2);
        var level = new NoiseLevel(0.8, 0.3);
        double[] x = [0.1, -0.2], result = new double[2];
        new DeltaMixtureDenoiser(training).Denoise(x, level, result);
        double[] weights = [.. Enumerable.Range(0, 1000)
            .Select(i => Math.Exp(-(Math.Pow(x[0] - (0.8 * training.Row(i)[0]), 2) + Math.Pow(x[1] - (0.8 * training.Row(i)[1]), 2)) / 0.18))];

        for (int j = 0; j < 2; j++)
            Assert.Equal(weights.Select((w, i) => w * training.Row(i)[j]).Sum() / weights.Sum(), result[j], Tolerances.ReferenceRelative);
    }
}
