using Sweep.Grains.Comparison.Report;
using Sweep.Grains.Comparison.Statistics.Racing;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;
using Sweep.Grains.Storage;

namespace Sweep.Grains.Orleans.Transactions;

/// <summary>
/// Judges a look of a race in the transaction that ends the last trial it asked for: its decisions, and what becomes of the trials held for later looks, are
/// committed with that, once. What comes after reads them. Tuning is a sweep's one look in the same way: <see cref="TuningStep"/>.
/// </summary>
internal static class LookStep
{
    /// <summary>Judges each look that has all it asked for; returns whether there was one.</summary>
    public static async Task<bool> TakeAsync(SqlWork work, long sweep)
    {
        bool any = false;
        while (await LookRows.PendingAsync(work, sweep) is { } pending)
        {
            SweepSpec spec = SweepSpecJson.Restore(pending.Resolved, pending.Source);
            if (!await LookRows.IsFullAsync(work, sweep, pending, tuning: spec.Tune is not null))
                break;
            if (spec.Tune is not null)
                await TuningStep.JudgeAsync(work, sweep, pending, spec);
            else
                await JudgeAsync(work, sweep, pending, spec);
            any = true;
        }

        return any;
    }

    private static async Task JudgeAsync(SqlWork work, long sweep, PendingLook pending, SweepSpec spec)
    {
        RaceBoard board = new(spec);
        (List<CompletedTrial> completed, byte[] inputs) = await LookRows.ReadAsync(work, sweep, pending, board.Curves);
        RaceState state = board.Judge(pending.Before is { } before ? RaceJson.Read(before) : null, completed);
        await LookRows.JudgedAsync(work, sweep, pending.Look, inputs, RaceJson.Write(state), RaceBoard.Open(state), spec.Seeds.Count);
    }
}
