using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Sweep.Silo.Orleans;
using Xunit;

namespace Sweep.Tests.Orleans;

public sealed class ClusterLogTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly List<string> _lines = [];

    [Fact]
    public void Log_WhenATroubleComesBack_SaysItAgainAfterAMinuteWithHowOften()
    {
        using var log = new ClusterLog(_lines.Add, _time);
        ILogger logger = log.CreateLogger("Orleans.Runtime.MembershipService.SiloHealthMonitor");
        for (int i = 0; i < 3; i++)
            logger.Log(LogLevel.Warning, new EventId(7), $"Did not get response for probe #{i}.", new TimeoutException("after 2 s\n   at Somewhere()"),
                (state, _) => state);
        logger.LogInformation("nothing to speak of");
        log.CreateLogger("Orleans.Runtime.Other").Log(LogLevel.Error, new EventId(7), "another", null, (state, _) => state);
        log.CreateLogger("Orleans.Timers.Of.Another").Log(LogLevel.Warning, new EventId(8), "Did not get response for probe #77.", null, (state, _) => state);
        _time.Advance(TimeSpan.FromMinutes(1));
        logger.Log(LogLevel.Warning, new EventId(7), "Did not get response for probe #3", null, (state, _) => state);

        Assert.Equal(
            [
                "cluster: Did not get response for probe #0: TimeoutException: after 2 s",
                "cluster: another",
                "cluster: Did not get response for probe #3 (4 times since it was said last)",
            ],
            _lines);
    }

    [Fact]
    public void Log_WhenItSaysNothingHere_IsSilent()
    {
        using var log = new ClusterLog(_lines.Add, _time);
        log.CreateLogger("a").Log(LogLevel.Warning, new EventId(1), "Note: Silo not running with ServerGC turned on", null, (state, _) => state);
        log.CreateLogger("b").LogWarning("'MembershipAgent' stopped in stage 'BecomeActive (20000)' in '00:00:01.2'.");
        Assert.Empty(_lines);

        log.CreateLogger("b").Log(LogLevel.Error, new EventId(2), "'MembershipAgent' failed to stop due to errors at stage 'X' after '1'.",
            new TimeoutException("late"), (state, _) => state);
        Assert.Equal(["cluster: 'MembershipAgent' failed to stop due to errors at stage 'X' after '1': TimeoutException: late"], _lines);
    }
}
