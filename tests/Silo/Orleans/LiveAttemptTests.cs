using Sweep.Grains.Coordination;
using Sweep.Grains.Orleans.Wire;
using Sweep.Silo;
using Sweep.Silo.Orleans;
using Sweep.Tests.Grains.Coordination;
using Xunit;

namespace Sweep.Tests.Silo.Orleans;

public sealed class LiveAttemptTests
{
    private readonly LiveAttempt _live;

    public LiveAttemptTests()
    {
        var lease = new Lease { SweepId = "s", Trial = Samples.Trial(0), Attempt = 2, FencingToken = 2, Holder = 1, Expires = DateTimeOffset.UnixEpoch };
        _live = new LiveAttempt(new AttemptProgress(lease, DateTimeOffset.UnixEpoch), null);
    }

    [Fact]
    public void News_WhenTheGrainKnowsAll_IsWhatIsNew()
    {
        _live.Trained(20, 0.5);
        _live.Trained(20, 0.25);
        WireCurves first = _live.News("a")!.Curves;
        Assert.Equal((0, 0), (first.From, first.ScoresFrom));
        Assert.Equal([20, 40], first.Steps);
        Assert.Null(_live.News("a"));
        _live.Scored(-7);
        WireCurves second = _live.News("a")!.Curves;
        Assert.Equal((2, 0, 0), (second.From, second.Steps.Length, second.ScoresFrom));
        Assert.Equal([-7f], second.Scores);
    }

    [Fact]
    public void News_WhenTheGrainKnowsLess_IsToldAgain()
    {
        _live.Trained(20, 0.5);
        _live.Scored(-7);
        Assert.NotNull(_live.News("a"));

        // Of another attempt: says nothing of this one.
        _live.Knows(new WireSeen { Attempt = 1 });
        Assert.Null(_live.News("a"));
        _live.Knows(new WireSeen { Attempt = 2 });
        WireCurves again = _live.News("a")!.Curves;
        Assert.Equal((0, 0), (again.From, again.ScoresFrom));
        Assert.Equal([20], again.Steps);
        Assert.Equal([-7f], again.Scores);
    }
}
