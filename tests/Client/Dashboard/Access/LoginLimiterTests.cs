using System.Net;
using Microsoft.Extensions.Time.Testing;
using Sweep.Client.Dashboard.Access;
using Xunit;

namespace Sweep.Tests.Client.Dashboard.Access;

public sealed class LoginLimiterTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly IPAddress Guesser = IPAddress.Parse("192.0.2.7"), Other = IPAddress.Parse("192.0.2.8");

    private readonly FakeTimeProvider _clock = new();
    private readonly LoginLimiter _limiter;

    public LoginLimiterTests() => _limiter = new LoginLimiter(_clock);

    [Fact]
    public void Delay_AfterWrongTokens_IsLongerWithEachOneAtThatAddressAlone()
    {
        Fail(LoginLimiter.FreeFailures - 1);
        Assert.Equal(TimeSpan.Zero, _limiter.Delay(Guesser));
        TimeSpan before = TimeSpan.Zero;
        for (int i = 0; i < 12; i++)
        {
            _limiter.Failed(Guesser, $"another {i}");
            TimeSpan wait = _limiter.Delay(Guesser);
            Assert.True(wait > before || wait == LoginLimiter.MaxDelay, $"{wait} after {before}");
            before = wait;
            Assert.Equal(TimeSpan.Zero, _limiter.Delay(Other));
        }

        Assert.Equal(LoginLimiter.MaxDelay, before);
    }

    [Fact]
    public void Delay_WhenOneWrongTokenCameAgainAndAgain_IsNone()
    {
        for (int i = 0; i < 1000; i++)
            _limiter.Failed(Guesser, "the token of last month");
        Assert.Equal(TimeSpan.Zero, _limiter.Delay(Guesser));
    }

    [Fact]
    public void Delay_WhenTheGuesserHasStopped_IsNone()
    {
        Fail(100);
        _clock.Advance(LoginLimiter.Window);
        Assert.Equal(TimeSpan.Zero, _limiter.Delay(Guesser));
        _limiter.Failed(Guesser, "one");
        Assert.Equal(TimeSpan.Zero, _limiter.Delay(Guesser));
    }

    [Fact]
    public async Task WaitAsync_WhenTooManyWaitAlready_SaysSoAndLetsTheNextOnesInAfterThem()
    {
        Fail(100);
        Task<bool>[] waiting = [.. Enumerable.Range(0, LoginLimiter.MaxWaiting).Select(_ => _limiter.WaitAsync(Guesser, None))];
        Assert.False(await _limiter.WaitAsync(Guesser, None));
        Assert.DoesNotContain(waiting, w => w.IsCompleted);
        _clock.Advance(LoginLimiter.MaxDelay);
        Assert.DoesNotContain(false, await Task.WhenAll(waiting));
        Task<bool> next = _limiter.WaitAsync(Guesser, None);
        Assert.False(next.IsCompleted);
        _clock.Advance(LoginLimiter.MaxDelay);
        Assert.True(await next);
    }

    [Theory]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    [InlineData("::ffff:192.0.2.7", "192.0.2.7", true)]
    [InlineData("192.0.2.7", "192.0.2.8", false)]
    public void Key_OfTwoAddresses_IsTheSameForOneClient(string a, string b, bool same) =>
        Assert.Equal(same, ClientAddress.Key(IPAddress.Parse(a)) == ClientAddress.Key(IPAddress.Parse(b)));

    private void Fail(int count)
    {
        for (int i = 0; i < count; i++)
            _limiter.Failed(Guesser, $"guess {i}");
    }
}
