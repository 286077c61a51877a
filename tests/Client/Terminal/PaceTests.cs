using Sweep.Client.Terminal;
using Xunit;

namespace Sweep.Tests.Client.Terminal;

/// <summary>Trials of cost 10.</summary>
public sealed class PaceTests
{
    private readonly Pace _pace = new();

    [Fact]
    public void Rate_WhileTheFirstTrialsDataAreFitted_IsUnknownHoweverLongThatTakes()
    {
        for (int second = 0; second <= 60; second++)
        {
            See(second, 0.3 * second / 60, 0);
            Assert.Null(_pace.Rate(running: 10));
        }
    }

    [Fact]
    public void Rate_OfTrialsThatTakeLong_RestsOnTheirProgress()
    {
        for (int second = 0; second <= 19; second++)
        {
            See(second, second * 0.1, 0);
            Assert.Null(_pace.Rate(running: 10));
        }

        See(20, 2, 0);
        Assert.Equal((0.1, null), _pace.Rate(running: 10)!.Value);
    }

    [Fact]
    public void Rate_OnceSeveralHaveCompleted_LeavesTheStartOut()
    {
        // Two seconds in which code was compiled, then five trials a second.
        See(0, 0, 0);
        See(2, 10, 1);
        Assert.Null(_pace.Rate(running: 20));
        See(3, 60, 6);
        Assert.Null(_pace.Rate(running: 20));
        See(4, 110, 11);
        Assert.Equal((50, 5), _pace.Rate(running: 20)!.Value);
    }

    [Fact]
    public void Rate_WhenWhatWasDoneIsLost_ForgetsIt()
    {
        See(0, 0, 0);
        for (int second = 1; second <= 30; second++)
            See(second, second, second / 10);
        Assert.NotNull(_pace.Rate(running: 10));
        See(31, 5, 3);
        Assert.True(_pace.Rate(running: 10) is null or { Cost: > 0 }, "what is undone is not taken for speed");
    }

    [Fact]
    public void Rate_OfALongRun_IsThatOfItsLastMinutes()
    {
        for (int second = 0; second <= 1000; second++)
            See(second, second <= 500 ? second : 500 + (3 * (second - 500)), second);
        Assert.Equal(3, _pace.Rate(running: 10)!.Value.Cost, 1e-9);
    }

    private void See(int second, double done, int completed) => _pace.See(DateTimeOffset.UnixEpoch.AddSeconds(second), done, completed);
}
