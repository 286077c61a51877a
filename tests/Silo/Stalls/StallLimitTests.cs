using Sweep.Silo.Stalls;
using Xunit;

namespace Sweep.Tests.Silo.Stalls;

public sealed class StallLimitTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(0, "train", 60)]
    [InlineData(1e8, "train", 60)]
    [InlineData(2e9, "train", 200)]
    [InlineData(2e9, "sample", 200)]
    [InlineData(0, "dataset", 300)]
    [InlineData(0, "fit", 1200)]
    [InlineData(1e18, "train", 30 * 86400.0)]
    public void Of_WhenNothingIsKnownOfThePace_TakesASlowCore(double cost, string phase, double seconds) =>
        Assert.Equal(seconds, new StallLimit(Minute).Of(cost, phase).TotalSeconds, 1e-6);

    [Fact]
    public void Of_WhenTheSpecSaysIt_IsThat()
    {
        var limit = new StallLimit(Minute);
        limit.Completed(1e9, TimeSpan.FromHours(1));
        Assert.Equal(TimeSpan.FromSeconds(5), limit.Of(1e12, "fit", TimeSpan.FromSeconds(5)));
        Assert.Equal(TimeSpan.FromDays(2), limit.Of(0, "train", TimeSpan.FromDays(2)));
    }

    [Fact]
    public void Of_WhenAttemptsHaveEnded_GoesByTheSlowestOfTheLastFew()
    {
        var limit = new StallLimit(Minute);
        limit.Completed(1e9, TimeSpan.FromSeconds(100));
        Assert.Equal(2000, limit.Of(1e9, "train").TotalSeconds, 1e-6);
        for (int i = 0; i < 8; i++)
            limit.Completed(1e9, TimeSpan.FromSeconds(1 + i));
        Assert.Equal(160, limit.Of(1e9, "train").TotalSeconds, 1e-6);

        // Load that makes everything 25 times slower moves the limit with it.
        limit.Completed(1e9, TimeSpan.FromSeconds(25));
        Assert.Equal(500, limit.Of(1e9, "train").TotalSeconds, 1e-6);
        limit.Completed(0, TimeSpan.FromHours(1));
        Assert.Equal(500, limit.Of(1e9, "train").TotalSeconds, 1e-6);
    }
}
