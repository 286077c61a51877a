using Sweep.Grains.Coordination;

namespace Sweep.Grains.Storage;

/// <summary>A trial that is to be inserted.</summary>
/// <param name="Ordinal">Its place in the spec's expansion.</param>
/// <param name="Trial">The trial.</param>
/// <param name="Stage">The look of a race that first asks for it, from 1; 0 of no race.</param>
internal readonly record struct PlacedTrial(long Ordinal, PlannedTrial Trial, int Stage);

/// <summary>What was inserted.</summary>
/// <param name="Queued">Trials that may be leased.</param>
/// <param name="Held">Trials of later looks.</param>
/// <param name="Cost">The sum of their estimated costs.</param>
internal readonly record struct InsertedTrials(int Queued, int Held, double Cost)
{
    public int Count => Queued + Held;

    /// <summary>How a trial of a stage begins.</summary>
    public static TrialStatus StatusOf(int stage) => stage > 1 ? TrialStatus.Held : TrialStatus.Queued;

    public InsertedTrials With(PlannedTrial trial, int stage) => StatusOf(stage) == TrialStatus.Held
        ? this with { Held = Held + 1, Cost = Cost + trial.EstimatedCost }
        : this with { Queued = Queued + 1, Cost = Cost + trial.EstimatedCost };
}
