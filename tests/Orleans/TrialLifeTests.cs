using Sweep.Grains.Coordination;
using Sweep.Grains.Orleans.Attempts;
using Sweep.Grains.Orleans.Wire;
using Xunit;

namespace Sweep.Tests.Orleans;

public sealed class TrialLifeTests
{
    private readonly TrialLife _life = new();

    [Fact]
    public void Update_WhenPointsComeInTurn_GrowsTheCurve()
    {
        _life.Begin(Attempt(1));
        Assert.True(_life.Update(Live(1, 0, 0.5f, 0.25f)));
        Assert.True(_life.Update(Live(1, 2, 0.125f)));
        WireTrial shown = _life.Show();
        Assert.Equal([0.5f, 0.25f, 0.125f], shown.Losses);
        Assert.Equal([10, 20, 30], shown.Steps);
        Assert.Equal(("train", 0.5), (shown.Phase, shown.Fraction));
    }

    [Fact]
    public void Update_WhenPointsWereLost_WaitsForThem()
    {
        _life.Update(Live(1, 2, 0.125f));
        Assert.Equal(new WireSeen { Attempt = 1 }, _life.Known);
        _life.Update(Live(1, 0, 0.5f, 0.25f));
        _life.Update(Live(1, 1, 0.25f, 0.125f));
        Assert.Equal([0.5f, 0.25f, 0.125f], _life.Show().Losses);
        Assert.Equal(new WireSeen { Attempt = 1, Points = 3 }, _life.Known);
    }

    [Fact]
    public void Since_WhateverWasSeen_GivesTheRestOnce()
    {
        _life.Begin(Attempt(1));
        WireLive told = Live(1, 0, 0.5f, 0.25f);
        _life.Update(told with { Curves = told.Curves with { Scores = [-9, -8, -7] } });
        WireNews rest = _life.Since(new WireSeen { Attempt = 1, Points = 1, Scores = 2 });
        Assert.Equal((1, 2, 1, false), (rest.Curves.From, rest.Curves.ScoresFrom, rest.Attempt, rest.IsLast));
        Assert.Equal([20], rest.Curves.Steps);
        Assert.Equal([0.25f], rest.Curves.Losses);
        Assert.Equal([-7f], rest.Curves.Scores);
        Assert.Empty(_life.Since(new WireSeen { Attempt = 1, Points = 2, Scores = 3 }).Curves.Steps);

        // Another attempt begins its curves anew; one that knows less than was seen repeats nothing.
        Assert.Equal(2, _life.Since(new WireSeen { Attempt = 7, Points = 9 }).Curves.Steps.Length);
        WireNews less = _life.Since(new WireSeen { Attempt = 1, Points = 5, Scores = 3 });
        Assert.Equal((5, 0), (less.Curves.From, less.Curves.Steps.Length));
        _life.Reported(Report(1, AttemptOutcome.Completed), ReportAnswer.Accepted);
        Assert.True(_life.Since(new WireSeen()).IsLast);
    }

    [Fact]
    public void Update_WhenALaterAttemptRuns_ChangesNothing()
    {
        _life.Begin(Attempt(2));
        Assert.False(_life.Update(Live(1, 0, 0.5f)));
        Assert.False(_life.Begin(Attempt(1)));
        Assert.Empty(_life.Show().Losses);
        Assert.Equal(2, _life.Attempt);
    }

    [Fact]
    public void Begin_WhenTheOneBeforeEndedUnheard_HasToReadThePast()
    {
        _life.Begin(Attempt(1));
        Assert.True(_life.KnowsPast);
        _life.Begin(Attempt(2));
        Assert.False(_life.KnowsPast);
        _life.Read(TrialStatus.Running, [Attempt(1) with { Outcome = (int)AttemptOutcome.Lost }, Attempt(2)]);
        _life.Reported(Report(2, AttemptOutcome.OutOfMemory), ReportAnswer.Accepted);
        _life.Begin(Attempt(3));
        Assert.True(_life.KnowsPast);
        _life.Reported(Report(3, AttemptOutcome.Failed), ReportAnswer.Accepted);
        _life.Begin(Attempt(5));
        Assert.False(_life.KnowsPast);
    }

    [Fact]
    public void Reported_WhenAccepted_EndsTheAttemptAndNothingRevivesIt()
    {
        _life.Begin(Attempt(1));
        _life.Update(Live(1, 0, 0.5f));
        _life.Reported(Report(1, AttemptOutcome.Completed), ReportAnswer.Accepted);
        Assert.Equal(TrialStatus.Completed, _life.State);
        Assert.False(_life.Update(Live(1, 1, 0.25f)));
        WireTrial shown = _life.Show();
        Assert.Equal((int)AttemptOutcome.Completed, Assert.Single(shown.Attempts).Outcome);
        Assert.Empty(shown.Losses);
    }

    [Fact]
    public void Reported_WhenAFailureIsAccepted_LeavesWhatFollowsToTheSweep()
    {
        _life.Begin(Attempt(1));
        _life.Reported(Report(1, AttemptOutcome.Failed) with { Message = "NaN" }, ReportAnswer.Accepted);
        Assert.Null(_life.State);
        WireAttempt ended = Assert.Single(_life.Show().Attempts);
        Assert.Equal(((int)AttemptOutcome.Failed, "NaN"), (ended.Outcome, ended.Message));
        Assert.True(_life.Begin(Attempt(2)));
        Assert.Equal([2, 3], [_life.Show().Attempts.Length, (int)_life.State! + 2]);
    }

    [Fact]
    public void Update_WhenTheHeartbeatLostTheLease_EndsTheAttempt()
    {
        _life.Begin(Attempt(1));
        _life.Update(Live(1, 0) with { Answer = (int)HeartbeatAnswer.Lost });
        Assert.Null(_life.State);
        Assert.Equal((int)AttemptOutcome.Lost, Assert.Single(_life.Show().Attempts).Outcome);
    }

    [Fact]
    public void Read_WhenTheSameAttemptStillRuns_KeepsWhatIsLive()
    {
        _life.Update(Live(2, 0, 0.5f));
        Assert.False(_life.KnowsPast);
        _life.Read(TrialStatus.Running, [Attempt(1) with { Outcome = (int)AttemptOutcome.Lost }, Attempt(2) with { Started = 7 }]);
        Assert.True(_life.KnowsPast);
        WireTrial shown = _life.Show();
        Assert.Equal([0.5f], shown.Losses);
        Assert.Equal([(int)AttemptOutcome.Lost, (int)AttemptOutcome.Running], shown.Attempts.Select(a => a.Outcome));
        Assert.Equal(7, shown.Attempts[1].Started);
    }

    private static WireAttempt Attempt(int number) => new() { Attempt = number, Silo = "a" };

    private static WireLive Live(int token, int from, params float[] losses) => new()
    {
        FencingToken = token, Silo = "a", Phase = "train", Fraction = 0.5,
        Curves = new WireCurves { From = from, Losses = losses, Steps = [.. losses.Select((_, i) => (from + i + 1) * 10)] },
    };

    private static WireReport Report(int token, AttemptOutcome outcome) => new() { TrialId = "t1", FencingToken = token, Holder = 1, Outcome = (int)outcome };
}
