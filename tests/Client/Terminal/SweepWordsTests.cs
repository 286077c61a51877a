using Sweep.Client.Terminal;
using Sweep.Grains.Coordination;
using Xunit;

namespace Sweep.Tests.Client.Terminal;

public sealed class SweepWordsTests
{
    [Theory]
    [InlineData(2, "2 running", 2)]
    [InlineData(3, "2 running, 1 waiting on its silo", 3)]
    [InlineData(7, "4 running, 3 waiting on their silos", 4, 3)]
    [InlineData(3, "2 running, 1 waiting on its silo", 4)]
    [InlineData(2, "2 running", 4)]
    [InlineData(1, "1 running", 4)]
    [InlineData(3, "3 running")]
    public void Running_OfLeasesBeyondTheSlots_CountsThoseThatWait(int leases, string words, params int[] bySilo) =>
        Assert.Equal(words, SweepWords.Running(Sweep(leases), [.. bySilo.Select(n => Silo(n, slots: 2))]));

    [Fact]
    public void Running_OfASilo_IsItsSlotsAtMost()
    {
        Assert.Equal("2 running, 2 waiting", SweepWords.Running(Silo(4, slots: 2)));
        Assert.Equal("4 running", SweepWords.Running(Silo(4, slots: null)));
    }

    private static SiloSummary Silo(int running, int? slots) => new()
    {
        Id = "s", FirstSeen = DateTimeOffset.UnixEpoch, LastSeen = DateTimeOffset.UnixEpoch, Slots = slots, Running = running, Completed = 0, Failed = 0,
    };

    private static SweepSummary Sweep(int running) => new()
    {
        Id = "s", Name = "s", Paused = false, Submitted = DateTimeOffset.UnixEpoch, Total = 100, Queued = 100 - running, Running = running, Completed = 0,
        Failed = 0, Cancelled = 0, CostTotal = 1000, CostCompleted = 0,
    };
}
