using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Diagnostics;
using Sweep.Diffusion.Networks.Reference;
using Sweep.Diffusion.Preprocessing;
using Sweep.Diffusion.Samplers;
using Sweep.Diffusion.Schedules;
using Sweep.Tests.Diffusion.Datasets;
using Sweep.Tests.Diffusion.Preprocessing;
using Xunit;

namespace Sweep.Tests.Diffusion.Diagnostics;

public sealed class BifurcationTests
{
    [Fact]
    public void Measure_OfTwoEqualModes_IsWhereAQuarterOfThePointsCrossTheMiddle()
    {
        // The flow keeps the sign, so a point returns when its noisy self is on its side: Phi(1 / sqrt(sigma^2 + 0.1^2)), which is 3/4 at sigma = sqrt(1 /
        // 0.674490^2 - 0.01) = 1.47923.
        IDataset pair = DatasetUnderTest.Create("gmm", """{"means": [[-1], [1]], "covariances": [0.01, 0.01]}""");
        PointSet data = pair.Draw(new SplitSizes(0, 0, 4000, 0), 1).Test;
        var preprocessing = PreprocessingTestKinds.Create("standardize").Fit(data, 1, TestContext.Current.CancellationToken);
        var denoiser = new ExactDenoiser(LatentMixture.Of(pair.Density, preprocessing)!);
        NoiseLevel[] grid = [.. new[] { 8, 4, 2, 1.4, 1.0, 0.5, 0.25, 0.1, 0.02 }.Select(s => new NoiseLevel(1, s)), NoiseLevel.Clean];
        Bifurcation result = Bifurcation.Measure(denoiser, new Heun(), grid, data, pair.Modes!, preprocessing, 2);
        double[] std = new double[1], one = new double[1];
        preprocessing.Inverse([1], std);
        preprocessing.Inverse([0], one);

        Assert.Equal(0.5, result.Chance, Tolerances.ReferenceRelative);
        Assert.Equal(9, result.Curve.Count);
        Assert.Equal(1, result.Curve[^1].Returned);
        Assert.Equal(1.47923, result.Sigma!.Value * (std[0] - one[0]), 0.08);
    }

    [Fact]
    public void Sigma_WhenNoLevelsEncloseIt_IsNull()
    {
        var result = new Bifurcation { Curve = [(new NoiseLevel(1, 1), 0.95), (new NoiseLevel(1, 0.1), 1)], Chance = 0.5 };

        Assert.Null(result.Sigma);
    }
}
