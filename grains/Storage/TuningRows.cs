using System.Text.Json;
using System.Text.Json.Nodes;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;

namespace Sweep.Grains.Storage;

/// <summary>
/// A tuned sweep's rows. The trials that confirm what is chosen, and those that try what an estimator suggests, are held from the beginning, under ids that
/// nothing else has; the decision writes into them what they are.
/// </summary>
internal static class TuningRows
{
    private const int UpdatesAtOnce = 1000;

    /// <summary>What the store's sweep has decided, if it is what this plan can have: the spec with that.</summary>
    public static async Task<SweepSpec> DecidedAsync(SqlWork work, long sweep, SweepSpec spec, TunePlan plan)
    {
        List<string> decisions = await work.ListAsync<string>("SELECT decisions FROM looks WHERE sweep = @sweep ORDER BY look", new { sweep });
        try
        {
            foreach (JsonNode? decision in decisions.Select(d => JsonNode.Parse(d)))
            {
                if (decision?["suggested"] is { } suggested && TunedSuggestions.Of(suggested) is var suggestions && Fits(plan, suggestions.Settings))
                    spec = spec with { Suggested = suggestions };
                if (decision?["chosen"].Deserialize<int[][]>() is { } chosen && Fits(plan, chosen)
                    && Array.TrueForAll(chosen, arms => Array.TrueForAll(arms, c => c >= 0 && c < plan.Tune.Trials)))
                    spec = spec with { Tuned = new TunedChoices(chosen) };
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or NullReferenceException)
        {
            // Then its trials are not those either, which is refused in words of its own.
        }

        return spec with { Resolved = Resolved(spec) };
    }

    /// <summary>Writes a decision once, makes the trials that follow from it what they are, and queues them.</summary>
    /// <param name="stage">The one that is over.</param>
    /// <param name="spec">The sweep before it.</param>
    /// <param name="decided">The sweep with it.</param>
    public static async Task DecidedAsync(SqlWork work, long sweep, int stage, SweepSpec spec, SweepSpec decided, byte[] inputs, string decisions)
    {
        await work.ExecuteAsync(
            "INSERT INTO looks (sweep, look, judged, inputs, decisions) VALUES (@sweep, @stage, @Now, @inputs, @decisions)",
            new { sweep, stage, work.Now, inputs, decisions });
        TunePlan plan = TunePlan.Of(decided)!;
        Dictionary<long, NextRow> rows = (await work.ListAsync<NextRow>(
            $"""
            SELECT t.trial AS Trial, t.ordinal AS Ordinal, t.id AS Id, t.state AS State, t.stage AS Stage, t.cost AS Cost, t.needs AS Needs FROM trials t
            WHERE t.sweep = @sweep ORDER BY t.trial {work.Store.ForUpdate}
            """,
            new { sweep })).ToDictionary(r => r.Ordinal);
        double more = 0;
        IEnumerable<(TrialSpec Trial, int Ordinal)> changed = TrialExpansion.All(decided).Select((trial, ordinal) => (trial, ordinal))
            .Where(t => rows.TryGetValue(t.ordinal, out NextRow? row) && row.Stage == stage + 1 && row.Id != t.trial.Id);
        foreach ((TrialSpec Trial, int Ordinal)[] some in changed.Chunk(UpdatesAtOnce))
        {
            foreach ((TrialSpec trial, int ordinal) in some)
            {
                NextRow row = rows[ordinal], like = rows[Like(decided, plan, ordinal)];
                more += like.Cost - row.Cost;
                string written = StoredJson.Write(trial);
                work.Later(
                    "UPDATE trials SET id = @Id, spec = @written, digest = @digest, cost = @Cost, needs = @Needs WHERE trial = @Key",
                    new { trial.Id, written, digest = RowDigest.OfTrial(ordinal, trial.Id, written), like.Cost, like.Needs, Key = row.Trial });
            }

            await work.FlushAsync();
        }

        await LookRows.MoveAsync(
            work, sweep, [.. rows.Values.Where(r => r.Stage == stage + 1 && r.State == (int)TrialStatus.Held).Select(r => r.Trial)], TrialStatus.Queued);
        string resolved = Resolved(decided).ToJsonString();
        await work.ExecuteAsync(
            """
            UPDATE sweeps SET look = @look, resolved = @resolved, digest = @digest,
                cost_total = CASE WHEN cost_total + @more > 0 THEN cost_total + @more ELSE 0 END
            WHERE sweep = @sweep
            """,
            new
            {
                look = decided.Tuned is null ? stage + 1 : 0, resolved, digest = RowDigest.OfSweep(spec.Id, spec.Name, resolved, spec.Source), more, sweep,
            });
    }

    /// <summary>The stage of a trial, from 1.</summary>
    public static int StageOf(TunePlan plan, long ordinal) => plan.At(ordinal) is { } place ? plan.Tune.StageOf(place.Setting) : plan.Tune.Stages + 1;

    /// <summary>
    /// The trial that one costs and needs as much as: what confirms a setting the one that tried it. Of what is suggested nothing has been tried, and the
    /// sequence's setting that stood for it, of the same ranges, is as near as any.
    /// </summary>
    private static long Like(SweepSpec decided, TunePlan plan, int ordinal)
    {
        if (ordinal >= plan.Compared)
            return ordinal;
        (int group, int seed) = Math.DivRem(ordinal, decided.Seeds.Count);
        int repeat = plan.RepeatOf(seed);
        return plan.OrdinalOf(new TuningPlace(repeat, group, decided.Tuned!.Chosen[repeat][plan.ArmOf(group)], 0));
    }

    private static JsonObject Resolved(SweepSpec spec) => TunedChoices.With(TunedSuggestions.With(spec.Resolved, spec.Suggested), spec.Tuned);

    private static bool Fits<T>(TunePlan plan, IReadOnlyList<IReadOnlyList<T>> decided) =>
        decided.Count == plan.Tune.Repeats && decided.All(arms => arms.Count == plan.Arms);

    private sealed class NextRow
    {
        public long Trial { get; set; }

        public long Ordinal { get; set; }

        public string Id { get; set; } = "";

        public int State { get; set; }

        public int Stage { get; set; }

        public double Cost { get; set; }

        public int Needs { get; set; }
    }
}
