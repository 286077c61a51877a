using Sweep.Client.Running;
using Sweep.Grains.Coordination;
using Sweep.Tests.Grains.Coordination;
using Xunit;

namespace Sweep.Tests.Client.Running;

public sealed class BestCurveTests
{
    [Fact]
    public void Sparkline_OfACurveThatReachesTheTruthLevel_RisesByDecadesOfTheGap() =>
        Assert.Equal("▁▃▆█", BestCurve.Sparkline([-12, -3, -2.1f, -2.001f], -2, 4));

    [Fact]
    public void Sparkline_WhereACurveIsNotFinite_LeavesAGap() => Assert.Equal(" ▁█", BestCurve.Sparkline([float.NaN, -12, -2], -2, 3));

    [Theory]
    [InlineData(40)]
    [InlineData(79)]
    public void Lines_WhateverTheWidth_StayWithinIt(int width)
    {
        float[] curve = [.. Enumerable.Range(0, 101).Select(k => -102f + k)];
        string[] lines = [.. new BestCurve(Samples.Trial(0), "log_likelihood", new MetricValue(-2, -1.5), curve, -1.5).Lines(width)];
        Assert.All(lines, line => Assert.InRange(line.Length, 1, width));
        Assert.Contains("truth level -1.5", string.Join(' ', lines), StringComparison.Ordinal);
        Assert.EndsWith(" step 100", lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Lines_WhereTheDensityIsNotKnown_DrawNoCurve() =>
        Assert.DoesNotContain(
            new BestCurve(Samples.Trial(0), "energy_distance", new MetricValue(0.5, 0.01), [], null).Lines(79),
            line => line.Contains("step", StringComparison.Ordinal));
}
