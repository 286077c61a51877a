using Sweep.Grains.Coordination;
using Sweep.Tests.Grains.Storage;
using Xunit;

namespace Sweep.Tests.Grains.Coordination.Model;

/// <summary>Plays a sequence on a store and on the model, and compares every answer and, after every step, what a reader sees.</summary>
internal sealed class ModelRun(TestStore store)
{
    private static readonly CancellationToken None = CancellationToken.None;

    /// <summary>Small limits: short sequences reach them.</summary>
    private static readonly CoordinatorOptions Options =
        new() { RetryBudget = 1, OutOfMemoryAttempts = 3, QuarantineAfterTrials = 2, LostAttempts = 3, SuspectAfterLosses = 1 };

    /// <summary>By sweep: equal costs, so that spec order matters; across sweeps too.</summary>
    private static readonly double[][] Costs = [[2, 5, 3, 5, 2, 1], [4, 3, 3]];

    /// <summary>The trials of a sweep: some of them need what not every silo has.</summary>
    private static (double Cost, Abilities Needs)[] TrialsOf(int sweep) =>
        [.. Costs[sweep].Select((cost, number) => (cost, (number + sweep) % 3 == 1 ? Abilities.Torch : Abilities.None))];

    /// <summary>Silo 0 has it, silo 1 says that it hasn't, others say nothing.</summary>
    private static SiloFacts? About(int silo) => silo switch
    {
        0 => new SiloFacts("cpu", 4, Abilities.Torch) { Artifacts = "/scratch" },
        1 => new SiloFacts("cuda:0", 64, Abilities.None),
        _ => null,
    };

    private readonly ICoordinator[] _connections = [store.Connect(Options), store.Connect(Options)];
    private readonly CoordinatorModel _model = new(Options, () => store.Now);
    private readonly List<(ModelLease Model, Lease Real)> _leases = [];
    private int _turn;

    private ISweepReader Reader => (ISweepReader)_connections[0];

    public async Task PlayAsync(IEnumerable<Step> steps)
    {
        foreach (Step step in steps)
        {
            await DoAsync(_connections[_turn++ % _connections.Length], step);
            await CompareAsync(attempts: false);
        }

        await CompareAsync(attempts: true);
    }

    private async Task DoAsync(ICoordinator real, Step step)
    {
        switch (step)
        {
            case Step.Submit submit:
                SubmitAnswer answer = await real.SubmitAsync(
                    Samples.Sweep(Name(submit.Sweep)),
                        TrialsOf(submit.Sweep).Select((trial, i) => new PlannedTrial(Samples.Trial(i), trial.Cost) { Needs = trial.Needs }), None);
                Assert.Equal(_model.Submit(submit.Sweep, TrialsOf(submit.Sweep)), answer.Added);
                Assert.Equal(Costs[submit.Sweep].Length, answer.Added + answer.Existing);
                break;
            case Step.Lease lease:
                await LeaseAsync(real, lease);
                break;
            case Step.Heartbeat beat when _leases.Count > 0:
                List<(ModelLease Model, Lease Real)> entries = [.. Enumerable.Range(beat.Back, beat.Count).Select(Pick)];
                IReadOnlyList<HeartbeatAnswer> answers = await real.HeartbeatAsync(
                    Silo(beat.Silo),
                    [.. entries.Select(e => new LeaseProgress(e.Real.SweepId, e.Real.Trial.Id, e.Real.FencingToken, "train", 0.5, null))],
                    None);
                Assert.Equal(entries.Select(entry => _model.Heartbeat(beat.Silo, entry.Model)), answers);
                break;
            case Step.Advance advance:
                store.Advance(TimeSpan.FromSeconds(advance.Seconds));
                break;
            case Step.Complete complete when _leases.Count > 0:
                Assert.Equal(_model.Complete(Pick(complete.Back).Model), await real.CompleteAsync(Pick(complete.Back).Real, Samples.Result(), None));
                break;
            case Step.CompleteAndLease both when _leases.Count > 0:
                await CompleteAndLeaseAsync(real, both);
                break;
            case Step.Fail fail when _leases.Count > 0:
                Assert.Equal(
                    _model.Fail(Pick(fail.Back).Model, fail.Cause, fail.MustRepeat),
                    await real.FailAsync(Pick(fail.Back).Real, new AttemptFailure(fail.Cause, "NaN") { MustRepeat = fail.MustRepeat }, None));
                break;
            case Step.Release release when _leases.Count > 0:
                Assert.Equal(
                    _model.Release(Pick(release.Back).Model, release.Cause), await real.ReleaseAsync(Pick(release.Back).Real, release.Cause, None));
                break;
            case Step.Pause pause when _model.IsSubmitted(pause.Sweep):
                _model.Pause(pause.Sweep);
                await real.PauseAsync(Id(pause.Sweep), None);
                break;
            case Step.Resume resume when _model.IsSubmitted(resume.Sweep):
                _model.Resume(resume.Sweep);
                await real.ResumeAsync(Id(resume.Sweep), None);
                break;
            case Step.Cancel cancel when _model.IsSubmitted(cancel.Sweep):
                _model.Cancel(cancel.Sweep);
                await real.CancelAsync(Id(cancel.Sweep), None);
                break;
            case Step.Retry retry when _model.IsSubmitted(retry.Sweep):
                string[]? ids = retry.Trial is { } number ? [Samples.Trial(number).Id] : null;
                Assert.Equal(_model.Retry(retry.Sweep, retry.Trial), await real.RetryAsync(Id(retry.Sweep), ids, None));
                break;
            case Step.Discard discard when _model.IsSubmitted(discard.Sweep):
                Assert.Equal(
                    _model.Discard(discard.Sweep, discard.Trial), await real.DiscardAsync(Id(discard.Sweep), [Samples.Trial(discard.Trial).Id], None));
                break;
            case Step.Reclaim reclaim:
                Assert.Equal(_model.Reclaim(reclaim.Silo), await real.ReclaimAsync(Silo(reclaim.Silo), None));
                break;
            case Step.Unquarantine lift:
                Assert.Equal(_model.Unquarantine(lift.Silo), await real.UnquarantineAsync(Silo(lift.Silo), None));
                break;
        }
    }

    private async Task CompleteAndLeaseAsync(ICoordinator real, Step.CompleteAndLease step)
    {
        // Of one call they are committed in any order, and whether a silo is quarantined depends on it: the model knows one.
        List<(ModelLease Model, Lease Real)> finished = [.. Enumerable.Range(step.Back, step.Count).Select(Pick)];
        foreach ((ModelLease model, Lease lease) in finished.SkipLast(1))
            Assert.Equal(_model.Complete(model), await real.CompleteAsync(lease, Samples.Result(), None));
        (ModelLease Model, Lease Real)[] last = [.. finished.TakeLast(1)];
        ReportAnswer[] expected = [.. last.Select(entry => _model.Complete(entry.Model))];
        CompletedAndLeased both = await real.CompleteAndLeaseAsync(
            [.. last.Select(entry => new FinishedTrial(entry.Real, Samples.Result()))], Request(step.Next), None);
        Assert.Equal(expected, both.Answers);
        Given(step.Next, both.Leases);
    }

    private async Task LeaseAsync(ICoordinator real, Step.Lease step) => Given(step, await real.LeaseAsync(Request(step), None));

    private static LeaseRequest Request(Step.Lease step) =>
        new(Silo(step.Silo), step.MaxTrials) { SweepId = step.Sweep is { } sweep ? Id(sweep) : null, About = About(step.Silo) };

    private void Given(Step.Lease step, IReadOnlyList<Lease> given)
    {
        List<ModelLease> expected = _model.Lease(step.Silo, step.MaxTrials, step.Sweep, About(step.Silo)?.Offers);
        Assert.Equal(
            expected.Select(lease => (Id(lease.Trial.Sweep), (long)lease.Trial.Number, lease.Attempt)),
            given.Select(lease => (lease.SweepId, lease.Trial.Seed, lease.Attempt)));
        Assert.All(given, lease => Assert.Equal(store.Now + Options.LeaseDuration, lease.Expires));
        _leases.AddRange(expected.Zip(given));
    }

    private async Task CompareAsync(bool attempts)
    {
        foreach (SweepSummary summary in await Reader.ListAsync(None))
        {
            int sweep = Enumerable.Range(0, Costs.Length).Single(i => Id(i) == summary.Id);
            List<ModelTrial> model = [.. _model.Of(sweep)];
            Assert.Equal(
                (Count(model, TrialStatus.Queued), Count(model, TrialStatus.Running), Count(model, TrialStatus.Completed),
                    Count(model, TrialStatus.Failed), Count(model, TrialStatus.Cancelled), _model.IsPaused(sweep)),
                (summary.Queued, summary.Running, summary.Completed, summary.Failed, summary.Cancelled, summary.Paused));
            Assert.Equal(
                (_model.Unserved(sweep).Count(), _model.Unserved(sweep).Aggregate(Abilities.None, (needs, trial) => needs | trial.Needs)),
                (summary.Unserved, summary.Lacking));
            Assert.Equal(model.Where(trial => trial.State == TrialStatus.Completed).Sum(trial => trial.Cost), summary.CostCompleted);
            Assert.Equal(
                model.Select(trial => (trial.State, trial.Attempts.Count, trial.State == TrialStatus.Running ? Silo(trial.Attempts[^1].Silo) : null)),
                (await Reader.TrialsAsync(summary.Id, null, 0, model.Count, None)).Select(trial => (trial.State, trial.Attempts, trial.Silo)));
            foreach (ModelTrial trial in attempts ? model : [])
            {
                TrialDetail detail = (await Reader.TrialAsync(summary.Id, Samples.Trial(trial.Number).Id, None))!;
                Assert.Equal(trial.State == TrialStatus.Completed, detail.Result is not null);
                Assert.Equal(
                    trial.Attempts.Select(attempt => (Silo(attempt.Silo), attempt.Outcome, attempt.Charged)),
                    detail.Attempts.Select(attempt => (attempt.Silo, attempt.Outcome, attempt.Charged)));
            }
        }

        Assert.Equal(
            _model.Silos.OrderBy(silo => silo.Key).Select(silo => (Silo(silo.Key), silo.Value.Quarantined, silo.Value.LastSeen, silo.Value.Offers)),
            (await Reader.SilosAsync(None)).Select(silo => (silo.Id, silo.Quarantined is not null, silo.LastSeen, silo.Offers)));
    }

    private static int Count(List<ModelTrial> trials, TrialStatus state) => trials.Count(trial => trial.State == state);

    private (ModelLease Model, Lease Real) Pick(int back) => _leases[_leases.Count - 1 - (back % _leases.Count)];

    private static string Name(int sweep) => $"sweep-{sweep}";

    private static string Id(int sweep) => Samples.Sweep(Name(sweep)).Id;

    private static string Silo(int silo) => $"silo-{silo}";
}
