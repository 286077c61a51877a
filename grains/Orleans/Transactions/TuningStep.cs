using Sweep.Grains.Comparison.Tuning;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;
using Sweep.Grains.Storage;

namespace Sweep.Grains.Orleans.Transactions;

/// <summary>
/// Decides in the transaction that ends the last tuning trial of a stage: what an estimator suggests next, or in the end which setting each arm gets. The
/// decision, with the digest of what it was made from, and the trials that follow from it are committed with that, once. What comes after reads them.
/// </summary>
internal static class TuningStep
{
    public static async Task JudgeAsync(SqlWork work, long sweep, PendingLook pending, SweepSpec spec)
    {
        TunePlan plan = TunePlan.Of(spec)!;
        (List<CompletedTrial> completed, byte[] inputs) = await LookRows.ReadAsync(work, sweep, pending, TuningJudge.Curves(plan.Tune));
        Dictionary<string, long> numbers = TrialExpansion.All(spec).Select((trial, ordinal) => (trial.Id, ordinal)).Skip((int)plan.Compared)
            .ToDictionary(t => t.Id, t => (long)t.ordinal, StringComparer.Ordinal);
        TuningResult result = TuningJudge.Judge(plan, completed.ToDictionary(t => numbers[t.Trial.Id]));
        bool over = pending.Look == plan.Tune.Stages;
        SweepSpec decided = over ? spec with { Tuned = result.Choices }
            : spec with { Suggested = Estimator.Next(plan, spec.Suggested, result, plan.Tune.KnownAfter(pending.Look)) };
        await TuningRows.DecidedAsync(work, sweep, pending.Look, spec, decided, inputs, TuningResult.Write(over ? result : result.Before(decided.Suggested!)));
    }
}
