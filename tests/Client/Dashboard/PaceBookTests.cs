using Sweep.Client.Dashboard.Live;
using Sweep.Grains.Coordination;
using Xunit;

namespace Sweep.Tests.Client.Dashboard;

public sealed class PaceBookTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch;

    private readonly PaceBook _book = new();

    [Fact]
    public void Estimate_AtFirst_GoesByWhatRuns()
    {
        // Two attempts did 2 of cost a second between them; two more have shown nothing yet, and are as fast.
        (_, double? perMinute, double? eta) = _book.Estimate(Sweep(completed: 10, running: 4), new SweepPace(20, 2, 2, 4), Start);
        Assert.Equal((60 * 4 / 10.0, (1000 - 120) / 4.0), (perMinute, eta));
    }

    [Fact]
    public void Estimate_OfWhatHasJustBegun_IsUnknown() => Assert.Equal(
        new PaceEstimate(Moves: true, null, null), _book.Estimate(Sweep(completed: 0, running: 2), new SweepPace(0.2, 0.05, 2, 2), Start.AddSeconds(8)));

    [Fact]
    public void Estimate_OfANewSweep_PrefersWhatWasDoneToWhatRuns()
    {
        PaceEstimate estimate = _book.Estimate(Sweep(completed: 10, running: 2), new SweepPace(0, 0.01, 2, 2), Start.AddSeconds(5));
        Assert.Equal(new PaceEstimate(Moves: true, 120, 900 / 20.0), estimate);
    }

    [Fact]
    public void Estimate_AfterAWhile_GoesByWhatWasDone()
    {
        for (int second = 0; second <= 40; second++)
            _book.Estimate(Sweep(completed: 10 + (second / 4), running: 4), new SweepPace(0, 9, 4, 4), Start.AddSeconds(second));
        (_, double? perMinute, double? eta) = _book.Estimate(Sweep(completed: 20, running: 4), new SweepPace(0, 9, 4, 4), Start.AddSeconds(40));
        Assert.Equal(15, perMinute!.Value, 1e-9);
        Assert.Equal(800 / 2.5, eta!.Value, 1e-9);
    }

    [Fact]
    public void Estimate_WhenNothingRunsOrShowsProgress_IsUnknown()
    {
        Assert.Equal(new PaceEstimate(Moves: false, null, null), _book.Estimate(Sweep(completed: 10, running: 0), null, Start));
        Assert.Equal(new PaceEstimate(Moves: true, null, null), _book.Estimate(Sweep(completed: 10, running: 2), new SweepPace(0, 0, 0, 2), Start.AddDays(1)));
    }

    [Fact]
    public void Estimate_WhenTrialsAreTooShortToShowProgress_GoesByWhatWasDoneSinceANewSweepWasSubmitted()
    {
        PaceEstimate estimate = _book.Estimate(Sweep(completed: 10, running: 2), new SweepPace(0, 0, 0, 2), Start.AddSeconds(30));
        Assert.Equal(new PaceEstimate(Moves: true, 20, 900 / (100 / 30.0)), estimate);
    }

    [Fact]
    public void Estimate_BetweenTwoAttempts_IsThatItMoves()
    {
        _book.Estimate(Sweep(completed: 10, running: 1), new SweepPace(0, 0, 0, 1), Start.AddSeconds(30));
        PaceEstimate between = _book.Estimate(Sweep(completed: 11, running: 0), null, Start.AddSeconds(31));
        Assert.True(between.Moves);
        Assert.NotNull(between.EtaSeconds);
        Assert.False(_book.Estimate(Sweep(completed: 11, running: 0), null, Start.AddSeconds(37)).Moves);
    }

    [Fact]
    public void Estimate_WhenPaused_HasNoEnd() =>
        Assert.Null(_book.Estimate(Sweep(completed: 10, running: 4) with { Paused = true }, new SweepPace(20, 2, 2, 4), Start).EtaSeconds);

    /// <summary>100 trials of cost 10.</summary>
    private static SweepSummary Sweep(int completed, int running) => new()
    {
        Id = "s", Name = "s", Paused = false, Submitted = Start, Total = 100, Queued = 100 - completed - running, Running = running, Completed = completed,
        Failed = 0, Cancelled = 0,
        CostTotal = 1000, CostCompleted = 10 * completed,
    };
}
