using System.Diagnostics;
using System.Text.Json.Nodes;
using Sweep.Grains.Specs;

namespace Sweep.Grains.Coordination.Sql;

/// <summary>Adds a sweep, or finds that it is there already.</summary>
internal static class Submission
{
    public static async Task<SubmitAnswer> SubmitAsync(SqlWork work, SweepSpec sweep, IEnumerable<PlannedTrial> trials)
    {
        SweepRow? stored = await work.FirstOrDefaultAsync<SweepRow>(
            $"{StoredTrials.SweepQuery} WHERE name = @name OR id = @id ORDER BY CASE WHEN id = @id THEN 0 ELSE 1 END LIMIT 1",
            new { name = sweep.Name, id = sweep.Id });
        if (stored is not null)
        {
            if (stored.Id != sweep.Id && stored.IsSound)
                throw Changed(stored, sweep);
            List<PlannedTrial> planned = [.. trials];
            await MatchAsync(work, stored, planned);
            await UpdateAsync(work, stored, sweep, planned);
            return new SubmitAnswer(sweep.Id, 0, planned.Count);
        }

        string resolved = ExpectationJson.Register(null, sweep.Resolved, Registration(work, sweep, 0)).ToJsonString();
        await work.ExecuteAsync(
            """
            INSERT INTO sweeps (id, name, resolved, source, digest, submitted, total, cost_total, trace)
            VALUES (@id, @name, @resolved, @source, @digest, @now, 0, 0, @trace)
            """,
            new { id = sweep.Id, name = sweep.Name, resolved, source = sweep.Source, digest = Digest(sweep, resolved), now = work.Now, trace = Trace });
        long key = await work.FirstOrDefaultAsync<long>("SELECT sweep FROM sweeps WHERE id = @id", new { id = sweep.Id });
        (int count, double cost) = await work.Store.InsertTrialsAsync(work, key, Distinct(trials));
        await work.ExecuteAsync("UPDATE sweeps SET total = @count, cost_total = @cost WHERE sweep = @key", new { count, cost, key });
        await work.ExecuteAsync(
            "INSERT INTO sweep_counts (sweep, slot, queued) VALUES (@key, @slot, @count)", new { key, slot = work.Store.CountSlot, count });
        work.Announce();
        return new SubmitAnswer(sweep.Id, count, 0);
    }

    /// <summary>The context of what submits it, where there is one.</summary>
    private static string? Trace => Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity ? activity.Id : null;

    private static byte[] Digest(SweepSpec sweep, string resolved) => RowDigest.OfSweep(sweep.Id, sweep.Name, resolved, sweep.Source);

    private static SpecChangedException Changed(SweepRow stored, SweepSpec sweep) =>
        new($"the store has sweep '{stored.Name}' with another spec:\n{string.Join('\n', SpecDifference.Between(JsonNode.Parse(stored.Resolved)!.AsObject(), sweep.Resolved))}");

    /// <summary>The spec is the same; are the trials? They aren't when another version of the program expands it otherwise.</summary>
    private static async Task MatchAsync(SqlWork work, SweepRow stored, List<PlannedTrial> trials)
    {
        HashSet<string> known = [.. await work.ListAsync<string>("SELECT id FROM trials WHERE sweep = @Sweep", new { stored.Sweep })];
        int total = known.Count;
        int unknown = trials.Count(planned => !known.Remove(planned.Trial.Id));
        if (unknown > 0 || known.Count > 0)
        {
            throw new SpecChangedException(
                $"the store has sweep '{stored.Name}' with this spec and other trials: {unknown} of {trials.Count} are not among its {total}; "
                + "allowed: the trials it was submitted with (another version of the program expands it otherwise)");
        }
    }

    /// <summary>
    /// The same sweep, written otherwise: its data files were moved, which is part of no identity, but silos must find them where they are now; or it is expected to show
    /// something else, which is remembered with how much was known by then.
    /// </summary>
    private static async Task UpdateAsync(SqlWork work, SweepRow stored, SweepSpec sweep, List<PlannedTrial> trials)
    {
        // One that has changed by itself says nothing of what was known before; the same trials are there, so the rest is put right.
        JsonObject? before = stored.IsSound ? JsonNode.Parse(stored.Resolved)!.AsObject() : null;
        long completed = await work.FirstOrDefaultAsync<long>("SELECT CAST(SUM(completed) AS BIGINT) FROM sweep_counts WHERE sweep = @Sweep", new { stored.Sweep });
        string resolved = ExpectationJson.Register(before, sweep.Resolved, Registration(work, sweep, completed)).ToJsonString();
        if (resolved == stored.Resolved && stored.IsSound)
            return;
        await work.ExecuteAsync(
            "UPDATE sweeps SET id = @Id, name = @Name, resolved = @resolved, source = @Source, digest = @digest WHERE sweep = @Sweep",
            new { sweep.Id, sweep.Name, resolved, sweep.Source, digest = Digest(sweep, resolved), stored.Sweep });
        if (before is not null && ExpectationJson.Without(before).ToJsonString() == ExpectationJson.Without(sweep.Resolved).ToJsonString())
            return;
        for (int i = 0; i < trials.Count; i++)
        {
            TrialSpec trial = trials[i].Trial;
            string spec = StoredJson.Write(trial);
            await work.ExecuteAsync(
                "UPDATE trials SET spec = @spec, digest = @digest WHERE sweep = @Sweep AND id = @Id",
                new { spec, digest = RowDigest.OfTrial(i, trial.Id, spec), stored.Sweep, trial.Id });
        }
    }

    private static ExpectationRegistration Registration(SqlWork work, SweepSpec sweep, long completed) =>
        new(DateTimeOffset.FromUnixTimeMilliseconds(work.Now), completed, sweep.TrialCount);

    private static IEnumerable<PlannedTrial> Distinct(IEnumerable<PlannedTrial> trials)
    {
        Dictionary<string, int> seen = new(StringComparer.Ordinal);
        foreach (PlannedTrial planned in trials)
        {
            if (!double.IsFinite(planned.EstimatedCost) || planned.EstimatedCost < 0)
                throw new ArgumentException($"estimated cost of trial {seen.Count}: {planned.EstimatedCost}; allowed: finite, 0 or more");
            if (!seen.TryAdd(planned.Trial.Id, seen.Count))
            {
                throw new ArgumentException(
                    $"trials {seen[planned.Trial.Id]} and {seen.Count} have one id: {planned.Trial.Id} ({planned.Trial.Group}, seed {planned.Trial.Seed}); "
                    + "allowed: every trial once");
            }

            yield return planned;
        }
    }
}
