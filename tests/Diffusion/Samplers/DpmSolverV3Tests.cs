using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Kinds;
using Sweep.Diffusion.Numerics;
using Sweep.Diffusion.Samplers;
using Sweep.Diffusion.Schedules;
using Xunit;

namespace Sweep.Tests.Diffusion.Samplers;

public sealed class DpmSolverV3Tests : FlowSamplerConformance
{
    protected override ISampler Sampler => new DpmSolverV3(lowerOrderFinal: false, statisticsLevels: 64, statisticsPoints: 64);

    protected override int Order => 3;

    protected override int TapeTerms(int steps) => steps + 1;

    [Fact]
    public void Sample_WhenDataAreGaussian_IsExactInAFewSteps()
    {
        // Measured exactly, a Gaussian's flow has no other part than the linear one and the bias.
        var flow = new MixtureFlow([1], [0.3], [0.5]);
        NoiseLevel[] grid = [.. new GeometricGrid().Levels(new EdmKarras(), 5)];
        double[] initial = [-70, 20, 110];
        double[] x = Prepare(flow, [0.3], [0.5], grid).Sample(flow, grid, initial, new StreamNoise(1)).Last().X;
        for (int i = 0; i < x.Length; i++)
            Assert.Equal(Exact(flow, initial[i]), x[i], Tolerances.MeasuredGaussian);
    }

    [Fact]
    public void Sample_WhenDataAreAMixture_BeatsUnmeasuredSolversInTenSteps()
    {
        double[] means = [-1.2, 0.6];
        double[] stds = [0.2, 0.3];
        var flow = new MixtureFlow([0.5, 0.5], means, stds);
        NoiseLevel[] grid = [.. new GeometricGrid().Levels(new EdmKarras(), 10)];
        double[] initial = Noise(200, 80);

        double Error(ISampler sampler) =>
            sampler.Sample(flow, grid, initial, new StreamNoise(1)).Last().X.Zip(initial, (x, y) => Math.Pow(x - Exact(flow, y), 2)).Average();

        double measured = Error(Prepare(flow, means, stds, grid));
        Assert.True(measured < Error(new DpmPlusPlus(2)), $"mean square error {measured} against {Error(new DpmPlusPlus(2))}");
    }

    [Fact]
    public void Prepare_WhenDataAreGaussian_MeasuresTheLinearPart()
    {
        // l = 1 - d x0-hat / d y = sigma^2 / (0.25 + sigma^2).
        var flow = new MixtureFlow([1], [0], [0.5]);
        ModelStatistics statistics = ModelStatisticsEstimator.Estimate(Preparation(flow, [0], [0.5], new EdmKarras().NativeGrid(20)), 120, 32);
        for (double lambda = -4; lambda < 6; lambda += 0.37)
        {
            double sigma = Math.Exp(-lambda);
            Assert.Equal(sigma * sigma / (0.25 + (sigma * sigma)), statistics.Linear(0, lambda), Tolerances.MeasuredGaussian);
        }
    }

    [Fact]
    public void Sample_WhenNotPrepared_Throws()
    {
        var error = Assert.Throws<InvalidOperationException>(() =>
            Sampler.Sample(new GaussianDenoiser(1, 1), new EdmKarras().NativeGrid(5), [1.0], new StreamNoise(1)).ToList());
        Assert.Contains("Prepare", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sample_WhenTheGridIsOutsideWhatWasMeasured_SaysWhatIsAllowed()
    {
        ISampler prepared = Prepared(new GaussianDenoiser(1, 1), new EdmKarras(0.01, 10).NativeGrid(5));
        var error = Assert.Throws<ArgumentException>(() =>
            prepared.Sample(new GaussianDenoiser(1, 1), new EdmKarras().NativeGrid(5), [1.0], new StreamNoise(1)).ToList());
        Assert.Contains("where the model was measured", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 120, 1024)]
    [InlineData(4, 120, 1024)]
    [InlineData(3, 63, 1024)]
    [InlineData(3, 120, 15)]
    public void Constructor_WhenAValueIsOutside_SaysWhatIsAllowed(int order, int levels, int points)
    {
        var error = Assert.Throws<KindException>(() => new DpmSolverV3(order, true, levels, points));
        Assert.Contains("allowed: ", error.Message, StringComparison.Ordinal);
    }

    private static double Exact(MixtureFlow flow, double initial)
    {
        double[] end = [flow.Flow(initial, 80, 0.002)];
        flow.Denoise([end[0]], new NoiseLevel(1, 0.002), end);
        return end[0];
    }

    private static ISampler Prepare(MixtureFlow flow, double[] means, double[] stds, IReadOnlyList<NoiseLevel> grid) =>
        new DpmSolverV3().Prepare(Preparation(flow, means, stds, grid));

    private static SamplerPreparation Preparation(MixtureFlow flow, double[] means, double[] stds, IReadOnlyList<NoiseLevel> grid)
    {
        var points = new double[2000];
        new PhiloxStream(8, NoisePurpose.TrainingPoints).FillNormal(points);
        for (int i = 0; i < points.Length; i++)
            points[i] = means[i % means.Length] + (stds[i % stds.Length] * points[i]);
        return new SamplerPreparation { Denoiser = flow, Grid = grid, Training = new PointSet(points, 1), Seed = 5 };
    }
}
