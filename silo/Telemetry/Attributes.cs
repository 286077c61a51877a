using Sweep.Grains.Coordination;

namespace Sweep.Silo.Telemetry;

/// <summary>Names of attributes, of metrics and spans.</summary>
internal static class Attributes
{
    public const string Outcome = "sweep.attempt.outcome";
    public const string Phase = "sweep.phase";
    public const string Operation = "sweep.store.operation";
    public const string Device = "sweep.device";
    public const string ErrorType = "error.type";

    // On spans only.
    public const string SweepId = "sweep.id";
    public const string SweepName = "sweep.name";
    public const string Trials = "sweep.trials";
    public const string TrialId = "sweep.trial.id";
    public const string Attempt = "sweep.trial.attempt";
    public const string Silo = "sweep.silo.id";
    public const string Reused = "sweep.reused";

    /// <summary><c>out_of_memory</c>: as in the JSON of the command line.</summary>
    public static string Word(AttemptOutcome outcome) => outcome switch
    {
        AttemptOutcome.Completed => "completed",
        AttemptOutcome.Failed => "failed",
        AttemptOutcome.Lost => "lost",
        AttemptOutcome.OutOfMemory => "out_of_memory",
        AttemptOutcome.Preempted => "preempted",
        AttemptOutcome.Cancelled => "cancelled",
        AttemptOutcome.Stalled => "stalled",
        _ => "running",
    };

    public static string Word(AttemptPhase phase) => phase switch
    {
        AttemptPhase.Dataset => "dataset",
        AttemptPhase.Fit => "fit",
        AttemptPhase.Train => "train",
        AttemptPhase.Sample => "sample",
        AttemptPhase.Evaluate => "evaluate",
        _ => "commit",
    };
}
