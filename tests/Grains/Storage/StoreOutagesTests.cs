using Microsoft.Extensions.Time.Testing;
using Npgsql;
using Sweep.Grains.Storage;
using Sweep.Grains.Storage.Postgres;
using Xunit;

namespace Sweep.Tests.Grains.Storage;

public sealed class StoreOutagesTests
{
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(15);

    private readonly FakeTimeProvider _time = new();
    private readonly StoreOutages _outages;

    public StoreOutagesTests() => _outages = new StoreOutages(_time);

    [Fact]
    public void IsRecent_FromTheFirstFailureUntilItHasBeenBackForLongEnough()
    {
        _outages.Succeeded(_time.GetTimestamp());
        Assert.False(_outages.IsRecent(Within));
        _outages.Failed();
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.True(_outages.IsRecent(Within));
        _outages.Succeeded(_time.GetTimestamp());
        _time.Advance(TimeSpan.FromSeconds(14));
        _outages.Succeeded(_time.GetTimestamp());
        Assert.True(_outages.IsRecent(Within));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(_outages.IsRecent(Within));
    }

    [Theory]
    [InlineData("57P01", true)]
    [InlineData("57P03", true)]
    [InlineData("08006", true)]
    [InlineData("53300", true)]
    [InlineData("42501", false)]
    [InlineData("53100", false)]
    public void IsAway_OfWhatTheServerSays_IsNotWhatItRefuses(string state, bool away) =>
        Assert.Equal(away, PostgresErrors.IsAway(new PostgresException("message", "ERROR", "ERROR", state)));

    [Fact]
    public void IsAway_WhenNothingIsSaid_IsTrue() => Assert.True(PostgresErrors.IsAway(new TimeoutException()));

    [Fact]
    public void IsRecent_WhenACallTookVeryLong_CountsAsAnOutage()
    {
        long began = _time.GetTimestamp();
        _time.Advance(TimeSpan.FromSeconds(4));
        _outages.Succeeded(began);
        Assert.False(_outages.IsRecent(Within));
        _time.Advance(TimeSpan.FromSeconds(1));
        _outages.Succeeded(began);
        Assert.True(_outages.IsRecent(Within));
    }
}
