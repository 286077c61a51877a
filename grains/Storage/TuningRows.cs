using System.Text.Json;
using System.Text.Json.Nodes;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;

namespace Sweep.Grains.Storage;

/// <summary>
/// A tuned sweep's rows. The trials that confirm what is chosen are held from the beginning, under ids that nothing else has; the choice writes into them what
/// they are.
/// </summary>
internal static class TuningRows
{
    /// <summary>The stage of trials that tune, and of those that confirm.</summary>
    public const int Tuning = 1, Confirming = 2;

    private const int UpdatesAtOnce = 1000;

    /// <summary>What the store's sweep has chosen; null where it hasn't, or nothing that this plan can have.</summary>
    public static async Task<TunedChoices?> ReadAsync(SqlWork work, long sweep, TunePlan plan)
    {
        string? decisions = await work.FirstOrDefaultAsync<string>(
            "SELECT decisions FROM looks WHERE sweep = @sweep AND look = @Tuning", new { sweep, Tuning });
        try
        {
            return JsonNode.Parse(decisions ?? "null")?["chosen"].Deserialize<int[][]>() is { } chosen && chosen.Length == plan.Tune.Repeats
                && Array.TrueForAll(chosen, arms => arms.Length == plan.Arms && Array.TrueForAll(arms, c => c >= 0 && c < plan.Tune.Trials))
                ? new TunedChoices(chosen) : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Writes a choice once, and makes and queues the trials that confirm it.</summary>
    /// <param name="spec">The sweep, before it.</param>
    public static async Task ChosenAsync(
        SqlWork work, long sweep, PendingLook pending, SweepSpec spec, byte[] inputs, string decisions, TunedChoices choices)
    {
        await work.ExecuteAsync(
            "INSERT INTO looks (sweep, look, judged, inputs, decisions) VALUES (@sweep, @Look, @Now, @inputs, @decisions)",
            new { sweep, pending.Look, work.Now, inputs, decisions });
        TunePlan plan = TunePlan.Of(spec)!;
        Dictionary<long, ConfirmingRow> rows = (await work.ListAsync<ConfirmingRow>(
            $"""
            SELECT t.trial AS Trial, t.ordinal AS Ordinal, t.state AS State, t.cost AS Cost, t.needs AS Needs FROM trials t
            WHERE t.sweep = @sweep ORDER BY t.trial {work.Store.ForUpdate}
            """,
            new { sweep })).ToDictionary(r => r.Ordinal);
        double more = 0;
        SweepSpec chosen = spec with { Tuned = choices };
        foreach ((TrialSpec Trial, int Ordinal)[] some in TrialExpansion.Expand(chosen).Select((trial, ordinal) => (trial, ordinal)).Chunk(UpdatesAtOnce))
        {
            foreach ((TrialSpec trial, int ordinal) in some)
            {
                // What it costs and needs is what the trials that tried this setting cost and needed.
                (int group, int seed) = Math.DivRem(ordinal, spec.Seeds.Count);
                int repeat = plan.RepeatOf(seed);
                ConfirmingRow row = rows[ordinal];
                ConfirmingRow tried = rows[plan.OrdinalOf(new TuningPlace(repeat, group, choices.Chosen[repeat][plan.ArmOf(group)], 0))];
                more += tried.Cost - row.Cost;
                string written = StoredJson.Write(trial);
                work.Later(
                    "UPDATE trials SET id = @Id, spec = @written, digest = @digest, cost = @Cost, needs = @Needs WHERE trial = @Key",
                    new { trial.Id, written, digest = RowDigest.OfTrial(ordinal, trial.Id, written), tried.Cost, tried.Needs, Key = row.Trial });
            }

            await work.FlushAsync();
        }

        await LookRows.MoveAsync(
            work, sweep, [.. rows.Values.Where(r => r.Ordinal < plan.Compared && r.State == (int)TrialStatus.Held).Select(r => r.Trial)], TrialStatus.Queued);
        string resolved = TunedChoices.With(spec.Resolved, choices).ToJsonString();
        await work.ExecuteAsync(
            """
            UPDATE sweeps SET look = 0, resolved = @resolved, digest = @digest, cost_total = CASE WHEN cost_total + @more > 0 THEN cost_total + @more ELSE 0 END
            WHERE sweep = @sweep
            """,
            new { resolved, digest = RowDigest.OfSweep(spec.Id, spec.Name, resolved, spec.Source), more, sweep });
    }

    private sealed class ConfirmingRow
    {
        public long Trial { get; set; }

        public long Ordinal { get; set; }

        public int State { get; set; }

        public double Cost { get; set; }

        public int Needs { get; set; }
    }
}
