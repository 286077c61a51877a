using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Diagnostics;
using Sweep.Diffusion.Numerics;
using Sweep.Diffusion.Preprocessing;
using Sweep.Tests.Diffusion.Datasets;
using Sweep.Tests.Diffusion.Preprocessing;
using Xunit;

namespace Sweep.Tests.Diffusion.Diagnostics;

public sealed class TotalCorrelationTests
{
    /// <summary>Normal: ln(2 pi e) / 2 = 1.41894; scaled by 3, ln 3 more. Uniform on (0, 1): 0.</summary>
    [Fact]
    public void Entropy_OfKnownDensities_IsTheirs()
    {
        double[] normal = new double[4096], scaled, uniform;
        new PhiloxStream(1, NoisePurpose.TestPoints).FillNormal(normal);
        Array.Sort(normal);
        scaled = [.. normal.Select(x => 3 * x)];
        uniform = [.. Enumerable.Range(0, 4096).Select(i => (i + 0.5) / 4096)];
        Assert.InRange(TotalCorrelation.Entropy(normal) - 1.418939, -0.03, 0.03);
        Assert.Equal(TotalCorrelation.Entropy(normal) + Math.Log(3), TotalCorrelation.Entropy(scaled), 1e-9);
        Assert.InRange(TotalCorrelation.Entropy(uniform), -0.01, 0.01);
    }

    /// <summary>Two normals with correlation 0.8: -ln(1 - 0.64) / 2 = 0.5108 nats, whatever scales each; none when whitened.</summary>
    [Theory]
    [InlineData("none", 0.5108)]
    [InlineData("standardize", 0.5108)]
    [InlineData("whiten", 0)]
    public void Of_CorrelatedNormals_IsTheClosedForm(string preprocessing, double expected)
    {
        IDataset pair = DatasetUnderTest.Create("gmm", """{"means": [[1, -2]], "covariances": [[[1, 2.4], [2.4, 9]]]}""");
        DatasetSplit split = pair.Draw(new SplitSizes(5000, 0, 4096, 0), 1);
        var fitted = PreprocessingTestKinds.Create(preprocessing).Fit(split.Training, 1, TestContext.Current.CancellationToken);
        Assert.InRange(TotalCorrelation.Of(pair.Density!, split.Test, fitted) - expected, -0.05, 0.05);
    }

    /// <summary>A ring's whitened coordinates are uncorrelated and far from independent; a layer of Gaussianization takes some of that.</summary>
    [Fact]
    public void Of_ARing_FallsWithLayers()
    {
        IDataset ring = DatasetUnderTest.Create("gmm-ring");
        DatasetSplit split = ring.Draw(new SplitSizes(4000, 0, 4096, 0), 1);
        double Left(string kind, string parameters) => TotalCorrelation.Of(
            ring.Density!, split.Test, PreprocessingTestKinds.Create(kind, parameters).Fit(split.Training, 1, TestContext.Current.CancellationToken));
        double whitened = Left("whiten", "{}"), eight = Left("gaussianize", """{"layers": 8}""");
        Assert.True(whitened > 1 && eight < whitened - 0.2, $"{whitened} {eight}");
    }
}
