using Sweep.Diffusion.Kinds;
using Sweep.Diffusion.Numerics;
using Sweep.Diffusion.Preprocessing;
using Xunit;

namespace Sweep.Tests.Diffusion.Preprocessing;

public sealed class BandwidthTests
{
    /// <summary>
    /// Botev, Grotowski and Kroese's algorithm with scipy.fft.dct and scipy.optimize.brentq (SciPy 1.10.1), 16384 bins over twice the range, on normal
    /// quantiles at (i + 1/2) / n.
    /// </summary>
    [Theory]
    [InlineData("bimodal", 0.06975102648593162)]
    [InlineData("normal", 0.2951280057193278)]
    [InlineData("lognormal", 0.11526125562378947)]
    public void ImprovedSheatherJones_OfQuantiles_AgreesWithAnotherImplementation(string sample, double expected)
    {
        double[] points = sample switch
        {
            "bimodal" => [.. Quantiles(500).Select(q => (0.2 * q) - 1), .. Quantiles(500).Select(q => (0.2 * q) + 1)],
            "normal" => Quantiles(1000),
            _ => [.. Quantiles(1000).Select(Math.Exp)],
        };
        Array.Sort(points);

        double? actual = ImprovedSheatherJones.Bandwidth(points);

        Assert.NotNull(actual);
        Assert.Equal(1, actual.Value / expected, Tolerances.SheatherJones);
    }

    /// <summary>To the last bit, whatever the vectors' width: fits, and all that is trained on them, go by it.</summary>
    [Fact]
    public void ImprovedSheatherJones_OfSeveralTimesAtOnce_IsThatOfOneAfterTheOther()
    {
        var random = new PhiloxStream(7, NoisePurpose.Projections);
        int roots = 0;
        for (int i = 0; i < 60; i++)
        {
            int modes = 1 + (i % 5);
            double spread = Math.Pow(10, random.NextDouble() * 4) / 100;
            double[] points = new double[5 + (i * 61)];
            for (int j = 0; j < points.Length; j++)
                points[j] = ((j % modes) * spread) + random.NextNormal();
            if (i % 7 == 0)
                points = [.. points.Select((x, j) => (double)(j % 3))];
            Array.Sort(points);
            double? bandwidth = ImprovedSheatherJones.Bandwidth(points);
            Assert.Equal(PlainSheatherJones.Bandwidth(points), bandwidth);
            roots += bandwidth is null ? 0 : 1;
        }

        Assert.InRange(roots, 40, 59);
    }

    [Fact]
    public void For_TiedPoints_FallsBackOnSilverman()
    {
        double[] points = [.. Enumerable.Range(0, 900).Select(i => (double)(i / 300))];
        double h = new Bandwidth { SheatherJones = true, Factor = 1 }.For(points, out bool fellBack);
        Assert.True(fellBack);
        Assert.Equal(Bandwidth.FallbackFactor * Bandwidth.Silverman(points), h);
    }

    [Fact]
    public void Silverman_WhenTheQuartilesMeet_UsesTheDeviation()
    {
        double[] points = [-1, 0, 0, 0, 0, 0, 0, 1];
        Assert.Equal(0.9 * 0.5 * Math.Pow(8, -0.2), Bandwidth.Silverman(points), Tolerances.ReferenceRelative);
    }

    [Theory]
    [InlineData("\"wide\"", "bandwidth: wide; allowed: silverman, isj, isj-half, or a factor of silverman > 0 and <= 100")]
    [InlineData("0", "bandwidth: 0; allowed: silverman, isj, isj-half, or a factor of silverman > 0 and <= 100")]
    [InlineData("-1", "bandwidth: -1; allowed: silverman, isj, isj-half, or a factor of silverman > 0 and <= 100")]
    public void Create_OfAnImpossibleBandwidth_SaysWhatIsAllowed(string value, string message)
    {
        var e = Assert.Throws<KindException>(() => PreprocessingTestKinds.Create("marginal", $$"""{"bandwidth":{{value}}}"""));
        Assert.Equal(message, e.Message);
    }

    private static double[] Quantiles(int n) => [.. Enumerable.Range(0, n).Select(i => StandardNormal.Quantile((i + 0.5) / n))];
}
