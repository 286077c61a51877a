using Sweep.Grains.Comparison.Statistics;
using Xunit;

namespace Sweep.Tests.Grains.Comparison.Statistics;

public sealed class MeanIntervalTests
{
    /// <summary>SciPy 1.10.1: <c>stats.t.interval(.95, 4, loc=mean, scale=stats.sem(d))</c>.</summary>
    [Fact]
    public void Of_WhenFiveValues_AgreesWithSciPy()
    {
        MeanInterval interval = MeanInterval.Of([0.31, 0.12, 0.44, 0.2, 0.29]);
        Near.Relative(0.272, interval.Mean);
        Near.Relative(0.12212338878856638, interval.Low);
        Near.Relative(0.42187661121143366, interval.High);
    }

    [Fact]
    public void Of_WhenOneValue_HasNoInterval() => Assert.Equal(new MeanInterval(3.5, null, null), MeanInterval.Of([3.5]));

    [Fact]
    public void Of_WhenAllValuesAreEqual_IsExactlyThatValue() => Assert.Equal(new MeanInterval(0.1, 0.1, 0.1), MeanInterval.Of([0.1, 0.1, 0.1]));

    [Fact]
    public void Of_WhenNoValues_Throws() => Assert.Throws<ArgumentException>(() => MeanInterval.Of([]));
}
