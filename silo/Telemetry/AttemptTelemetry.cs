using System.Diagnostics;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;

namespace Sweep.Silo.Telemetry;

/// <summary>One attempt's trace, a span per phase under a span of the whole, and its metrics. Lives on the attempt's thread.</summary>
internal sealed class AttemptTelemetry : IAttemptObserver
{
    private readonly Instruments _instruments;
    private readonly TimeProvider _time;
    private readonly Activity? _attempt;
    private readonly long _began;
    private Activity? _span;
    private AttemptPhase? _phase;
    private long _phaseBegan;

    public AttemptTelemetry(Instruments instruments, string silo, Lease lease, TimeProvider time, Func<string, ActivityContext> sweepTrace)
    {
        _instruments = instruments;
        _time = time;
        _began = time.GetTimestamp();

        // A trace of its own, whatever called the silo.
        Activity.Current = null;
        if (!instruments.Source.HasListeners())
            return;
        DateTimeOffset began = instruments.LeaseCalls.TryGetValue(lease, out LeaseCall? call) ? call.Began : time.GetUtcNow();
        _attempt = instruments.Source.StartActivity(
            ActivityKind.Consumer, parentContext: default, Tags(silo, lease), [new ActivityLink(sweepTrace(lease.SweepId))], began, "attempt");
        if (call is null || _attempt is null)
            return;
        using Activity? leasing = instruments.Source.StartActivity("lease", ActivityKind.Client, _attempt.Context, startTime: call.Began);
        leasing?.SetEndTime(call.Ended.UtcDateTime);
    }

    public void Entered(AttemptPhase phase)
    {
        EndPhase();
        _phase = phase;
        _phaseBegan = _time.GetTimestamp();
        _span = _attempt is null ? null : _instruments.Source.StartActivity(Attributes.Word(phase));
    }

    public void Scored(double logLikelihoodNats)
    {
        // The stored curve says it.
    }

    public void Trained(int steps, double loss)
    {
        _instruments.TrainSteps.Add(steps);
        if (double.IsFinite(loss))
            _instruments.TrainLoss.Record(loss);
    }

    public void Reused()
    {
        _span?.SetTag(Attributes.Reused, true);
        switch (_phase)
        {
            case AttemptPhase.Fit:
                _instruments.PreprocessingCacheHits.Add(1);
                break;
            case AttemptPhase.Train:
                _instruments.TrainingCacheHits.Add(1);
                break;
            case AttemptPhase.Evaluate:
                _instruments.DiagnosticsCacheHits.Add(1);
                break;
        }
    }

    public void GoesOn() => Activity.Current = _span ?? _attempt;

    /// <summary>The attempt is over: where it didn't complete, the phase it was in and the attempt bear the cause.</summary>
    public void End(AttemptOutcome outcome, string? message)
    {
        string word = Attributes.Word(outcome);
        bool failed = outcome is AttemptOutcome.Failed or AttemptOutcome.OutOfMemory or AttemptOutcome.Lost or AttemptOutcome.Stalled;
        if (failed)
            Fail(_span, word, message);
        EndPhase();
        var tag = new KeyValuePair<string, object?>(Attributes.Outcome, word);
        _instruments.TrialDuration.Record(_time.GetElapsedTime(_began).TotalSeconds, tag);
        _instruments.AttemptsEnded.Add(1, tag);
        if (outcome == AttemptOutcome.Completed)
            _instruments.TrialsCompleted.Add(1);
        if (outcome == AttemptOutcome.Lost)
            _instruments.LeasesExpired.Add(1);
        _attempt?.SetTag(Attributes.Outcome, word);
        if (failed)
            Fail(_attempt, word, message);
        _attempt?.Dispose();
    }

    private void EndPhase()
    {
        if (_phase is { } phase)
        {
            _instruments.PhaseDuration.Record(
                _time.GetElapsedTime(_phaseBegan).TotalSeconds, new KeyValuePair<string, object?>(Attributes.Phase, Attributes.Word(phase)));
        }

        _span?.Dispose();
        (_span, _phase) = (null, null);
    }

    private static void Fail(Activity? span, string cause, string? message)
    {
        span?.SetStatus(ActivityStatusCode.Error, message ?? cause);
        span?.SetTag(Attributes.ErrorType, cause);
    }

    private static IEnumerable<KeyValuePair<string, object?>> Tags(string silo, Lease lease)
    {
        TrialSpec trial = lease.Trial;
        yield return new(Attributes.SweepId, lease.SweepId);
        yield return new(Attributes.TrialId, trial.Id);
        yield return new(Attributes.Attempt, lease.Attempt);
        yield return new(Attributes.Silo, silo);
        yield return new("sweep.trial.dataset", trial.Dataset.Name);
        yield return new("sweep.trial.preprocessing", trial.Preprocessing.Name);
        yield return new("sweep.trial.schedule", trial.Schedule.Name);
        yield return new("sweep.trial.width", trial.Network.Width);
        yield return new("sweep.trial.seed", trial.Seed);
    }
}
