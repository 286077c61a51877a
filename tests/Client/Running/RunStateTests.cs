using Microsoft.Extensions.Time.Testing;
using Sweep.Client.Running;
using Sweep.Grains.Coordination;
using Sweep.Silo;
using Sweep.Tests.Grains.Coordination;
using Xunit;

namespace Sweep.Tests.Client.Running;

public sealed class RunStateTests
{
    private const int Trials = 10;

    private readonly FakeTimeProvider _time = new();
    private readonly RunState _state;

    public RunStateTests()
    {
        _state = new RunState(
            new SweepSummary
            {
                Id = "s", Name = "s", Paused = false, Submitted = _time.GetUtcNow(), Total = Trials, Queued = Trials, Running = 0, Completed = 0, Failed = 0,
                Cancelled = 0, CostTotal = Trials, CostCompleted = 0,
            },
            Samples.Sweep("s"), _time);
        _state.Plan(Samples.Trials(Trials));
    }

    [Fact]
    public void Remaining_WhileTheFirstDataAreFitted_IsUnknown()
    {
        AttemptProgress attempt = Start(0);
        for (int second = 1; second <= 60; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            attempt.Report(AttemptPhase.Fit, second / 60.0);
            Assert.Null(_state.Snapshot().Remaining);
        }
    }

    [Fact]
    public void Remaining_OnceTrialsHaveCompleted_GoesByTheirPaceWithoutTheStart()
    {
        // The first takes ten seconds, as code is compiled; the others one each.
        AttemptProgress attempt = Start(0);
        _time.Advance(TimeSpan.FromSeconds(10));
        for (int i = 1; i <= 4; i++)
        {
            End(attempt);
            attempt = Start(i);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        End(attempt);
        Assert.Equal(TimeSpan.FromSeconds(Trials - 5), _state.Snapshot().Remaining);
    }

    private AttemptProgress Start(int number)
    {
        Lease lease = new() { SweepId = "s", Trial = Samples.Trial(number), Attempt = 1, FencingToken = 1, Expires = _time.GetUtcNow(), Cost = 1 };
        var attempt = new AttemptProgress(lease, _time.GetUtcNow());
        _state.Started(attempt);
        return attempt;
    }

    private void End(AttemptProgress attempt) => _state.Ended(attempt, AttemptOutcome.Completed, null, Samples.Result());
}
