using Sweep.Diffusion.Numerics;
using Sweep.Diffusion.Samplers;
using Xunit;

namespace Sweep.Tests.Diffusion.Samplers;

public sealed class PriorQuantilesTests
{
    [Fact]
    public void Of_WhenOnALine_GivesMidpointQuantiles() =>
        Assert.Equal([.. new[] { 0.1, 0.3, 0.5, 0.7, 0.9 }.Select(p => 80 * StandardNormal.Quantile(p))], PriorQuantiles.Of(5, 1, 80));

    /// <summary>
    /// Each coordinate's empirical distribution, and that of every pair in quarters, is nearer to the normal than a draw of as many points comes: 1 / sqrt(n)
    /// is 0.016.
    /// </summary>
    [Theory]
    [InlineData(2)]
    [InlineData(8)]
    public void Of_WhenInManyDimensions_FillsThemEvenly(int d)
    {
        const int Rows = 4096;
        double[] points = PriorQuantiles.Of(Rows, d, 3);

        for (int j = 0; j < d; j++)
        {
            double[] uniform = [.. Enumerable.Range(0, Rows).Select(i => StandardNormal.Cdf(points[(i * d) + j] / 3)).Order()];
            Assert.True(uniform.Select((u, i) => Math.Abs(u - ((i + 0.5) / Rows))).Max() < 0.003, $"coordinate {j}");
            for (int k = 0; k < j; k++)
            {
                double both = Enumerable.Range(0, Rows).Average(i => points[(i * d) + j] > 0 && points[(i * d) + k] > 0 ? 1.0 : 0);
                Assert.True(Math.Abs(both - 0.25) < 0.006, $"coordinates {k} and {j}: {both}");
            }
        }
    }

    [Fact]
    public void Of_Always_IsFinite() => Assert.All(PriorQuantiles.Of(1, 3, 1).Concat(PriorQuantiles.Of(10_000, 16, 80)), x => Assert.True(double.IsFinite(x)));
}
