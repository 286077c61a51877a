using Sweep.Diffusion.Diagnostics;
using Sweep.Diffusion.Samplers;
using Sweep.Diffusion.Schedules;
using Xunit;

namespace Sweep.Tests.Diffusion.Diagnostics;

public sealed class ExplainedPathTests
{
    private static readonly EdmKarras Schedule = new();

    /// <summary>
    /// N(0, 4 I) against N(0, I) from the same noise at 80: y(sigma) is scaled by sqrt((v + sigma^2) / (v + 80^2)), so the share at sigma is 1 - (1 - ratio of
    /// the scales)^2.
    /// </summary>
    [Fact]
    public void Share_OfTwoGaussians_IsThatOfTheirScales()
    {
        NoiseLevel first = Schedule.AtSigma(80);
        NoiseLevel[] levels = [Schedule.AtSigma(80), Schedule.AtSigma(2), Schedule.AtSigma(0.1)];
        (IReadOnlyList<NoiseLevel> grid, int[] at) = ExplainedPath.Through(Schedule, first, levels);
        double[] initial = new PhiloxNoise(1).Initial(2000, 2, first.Noise);
        double[][] model = ExplainedPath.Follow(new Samplers.GaussianDenoiser(2, 2), grid, at, initial);

        Assert.Equal(initial, model[0]);
        for (int i = 0; i < levels.Length; i++)
        {
            double[] reference = new Teleportation([0, 0], new double[,] { { 1, 0 }, { 0, 1 } }).Flow(initial, first, levels[i]);
            double ratio = Scale(1, levels[i].Sigma) / Scale(4, levels[i].Sigma);

            // Heun's error on 8 steps between levels.
            Assert.Equal(1 - Math.Pow(1 - ratio, 2), ExplainedPath.Share(model[i], reference, 2), 0.02);
            Assert.InRange(ExplainedPath.Share(model[i], new Teleportation([0, 0], new double[,] { { 4, 0 }, { 0, 4 } }).Flow(initial, first, levels[i]), 2),
                0.998, 1);
        }

        static double Scale(double variance, double sigma) => Math.Sqrt((variance + (sigma * sigma)) / (variance + 6400));
    }

    [Fact]
    public void Through_WhenLevelsRise_SaysSo() => Assert.Equal(
        "sigma 2 after 1; allowed: descending levels (Parameter 'levels')",
        Assert.Throws<ArgumentException>(() => ExplainedPath.Through(Schedule, Schedule.AtSigma(1), [Schedule.AtSigma(2)])).Message);
}
