using System.Diagnostics;
using System.Text.Json.Nodes;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;

namespace Sweep.Grains.Storage;

/// <summary>Adds a sweep, finds that it is there already, or extends it.</summary>
internal static class Submission
{
    private const int UpdatesAtOnce = 1000;

    /// <param name="continued">The sweep whose place it takes; null: the one of its id or name.</param>
    public static async Task<SubmitAnswer> SubmitAsync(SqlWork work, SweepSpec sweep, IEnumerable<PlannedTrial> trials, string? continued = null)
    {
        SweepRow? stored = await work.FirstOrDefaultAsync<SweepRow>(
            continued is null
                ? $"{StoredTrials.SweepQuery} WHERE name = @Name OR id = @Id ORDER BY CASE WHEN id = @Id THEN 0 ELSE 1 END LIMIT 1"
                : $"{StoredTrials.SweepQuery} WHERE id = @continued",
            new { sweep.Name, sweep.Id, continued });
        if (stored is null)
            return await InsertAsync(work, sweep, trials);

        List<PlannedTrial> planned = [.. Distinct(trials)];
        if (TunePlan.Of(sweep) is { } plan)
        {
            // Whoever submits it doesn't know what was decided meanwhile, nor which trials follow from that.
            sweep = await TuningRows.DecidedAsync(work, stored.Sweep, sweep, plan);
            planned = [.. TrialExpansion.All(sweep).Select(t => new PlannedTrial(t, 0))];
        }

        if (stored.Id != sweep.Id && stored.IsSound)
            return await ExtendAsync(work, stored, sweep, planned);
        await MatchAsync(work, stored, planned);
        await UpdateAsync(work, stored, sweep, planned);
        return new SubmitAnswer(sweep.Id, 0, planned.Count);
    }

    private static async Task<SubmitAnswer> InsertAsync(SqlWork work, SweepSpec sweep, IEnumerable<PlannedTrial> trials)
    {
        string resolved = ExpectationJson.Register(null, sweep.Resolved, Registration(work, sweep, 0)).ToJsonString();
        await work.ExecuteAsync(
            """
            INSERT INTO sweeps (id, name, resolved, source, digest, submitted, total, cost_total, trace, slots, priority, most_failed, looks, look)
            VALUES (@Id, @Name, @resolved, @Source, @digest, @Now, 0, 0, @Trace, @Slots, @Priority, @Failed, @looks, @look)
            """,
            new
            {
                sweep.Id, sweep.Name, resolved, sweep.Source, digest = Digest(sweep, resolved), work.Now, Trace,
                sweep.Limits.Slots, sweep.Limits.Priority, sweep.Limits.Failed, looks = Looks(sweep), look = Math.Min(1, Looks(sweep)),
            });
        long key = await work.FirstOrDefaultAsync<long>("SELECT sweep FROM sweeps WHERE id = @Id", new { sweep.Id });
        TunePlan? tuning = TunePlan.Of(sweep);
        int count = await AddAsync(work, key, Distinct(trials).Select((trial, ordinal) => new PlacedTrial(ordinal, trial, StageOf(sweep, tuning, ordinal))));
        work.Announce(sweep.Id);
        return new SubmitAnswer(sweep.Id, count, 0);
    }

    /// <summary>How often results decide which trials come next: at each look of a race, and after each stage of tuning.</summary>
    private static int Looks(SweepSpec sweep) => sweep.Race?.Looks.Count ?? sweep.Tune?.Stages ?? 0;

    /// <summary>The look that a trial is for.</summary>
    private static int StageOf(SweepSpec sweep, TunePlan? tuning, int ordinal) => sweep.Race is { } race ? race.StageOf(ordinal % sweep.Seeds.Count)
        : tuning is null ? 0 : TuningRows.StageOf(tuning, ordinal);

    private static async Task<int> AddAsync(SqlWork work, long sweep, IEnumerable<PlacedTrial> trials)
    {
        InsertedTrials inserted = await work.Store.InsertTrialsAsync(work, sweep, trials);
        await work.ExecuteAsync(
            "UPDATE sweeps SET total = total + @Count, cost_total = cost_total + @Cost WHERE sweep = @sweep", new { inserted.Count, inserted.Cost, sweep });
        work.Add(sweep, inserted.Queued, inserted.Held);
        await Deletion.RestoredAsync(work, sweep);
        return inserted.Count;
    }

    /// <summary>
    /// Another spec: what it has in common with the stored one stays as it is, whatever its trials' labels and places are now; what is new joins. Nothing is
    /// taken away, and nothing compared otherwise.
    /// </summary>
    private static async Task<SubmitAnswer> ExtendAsync(SqlWork work, SweepRow stored, SweepSpec sweep, List<PlannedTrial> trials)
    {
        List<string> known = await work.ListAsync<string>("SELECT id FROM trials WHERE sweep = @Sweep", new { stored.Sweep });
        HashSet<string> wanted = [.. trials.Select(t => t.Trial.Id)];
        JsonObject before = JsonNode.Parse(stored.Resolved)!.AsObject();
        int gone = known.Count(id => !wanted.Contains(id));
        if (gone > 0 || !SpecDifference.ComparesAlike(before, sweep.Resolved))
            throw Changed(stored, before, sweep, known.Count, gone);
        if (sweep.Race is not null || sweep.Tune is not null)
            await RequireSameTrialsAsync(work, stored, before, sweep, trials);

        // The rows are locked by this; their places are given anew below.
        await work.ExecuteAsync("UPDATE trials SET ordinal = -1 - ordinal WHERE sweep = @Sweep", new { stored.Sweep });
        if (await work.FirstOrDefaultAsync<long?>($"SELECT trial FROM trials WHERE sweep = @Sweep AND state = {Code.Running} LIMIT 1",
            new { stored.Sweep }) is not null)
        {
            throw new SpecChangedException(
                $"trials of sweep '{stored.Name}' are running; allowed: to extend or rename one of which none is (sweep pause, submit again, sweep resume)");
        }

        long completed = await CompletedAsync(work, stored);
        HashSet<string> there = [.. known];
        ExpectationRegistration registration = Registration(work, sweep, completed);
        string resolved = LookJson.With(
            ExpectationJson.Register(before, sweep.Resolved, registration), Looks(stored, before, trials, there, registration)).ToJsonString();
        await RenewAsync(work, stored, sweep, resolved);
        await PlaceAsync(work, stored, trials.Select((trial, ordinal) => ((long)ordinal, trial.Trial)).Where(t => there.Contains(t.Trial.Id)));
        int added = await AddAsync(
            work, stored.Sweep, trials.Select((trial, ordinal) => new PlacedTrial(ordinal, trial, 0)).Where(t => !there.Contains(t.Trial.Trial.Id)));
        work.Announce(sweep.Id);
        return new SubmitAnswer(sweep.Id, added, known.Count);
    }

    /// <summary>
    /// A race's trials and their places are fixed with its looks: its groups are known by them, and its p-values are those of this family. So are those of
    /// what is tuned: each arm's budget is.
    /// </summary>
    private static async Task RequireSameTrialsAsync(SqlWork work, SweepRow stored, JsonObject before, SweepSpec sweep, List<PlannedTrial> trials)
    {
        List<string> placed = await work.ListAsync<string>("SELECT id FROM trials WHERE sweep = @Sweep ORDER BY ordinal", new { stored.Sweep });
        if (!placed.SequenceEqual(trials.Select(t => t.Trial.Id), StringComparer.Ordinal))
        {
            throw new SpecChangedException(
                $"sweep '{stored.Name}' is {(sweep.Race is null ? "tuned" : "a race")}, whose trials and comparisons are fixed before any result; allowed: the "
                + "same ones in the same order, under whatever names (others under another name of the sweep):\n"
                + string.Join('\n', SpecDifference.Between(before, sweep.Resolved)));
        }
    }

    /// <summary>
    /// What had been looked at before, and this extension where it adds trials to results that no look before had. Labels are those of the spec submitted.
    /// </summary>
    private static List<SweepLook> Looks(
        SweepRow stored, JsonObject before, List<PlannedTrial> trials, HashSet<string> known, ExpectationRegistration now)
    {
        List<SweepLook> looks = [.. LookJson.Read(before)];
        TrialSpec[] there = [.. trials.Where(t => known.Contains(t.Trial.Id)).Select(t => t.Trial)];
        if (looks.Count > 0)
        {
            Dictionary<string, TrialSpec> called = StoredJson.ReadTrials(stored.Resolved, stored.Source).ToDictionary(t => t.Id, StringComparer.Ordinal);
            (TrialSpec, TrialSpec)[] renamed = [.. there.Where(t => called.ContainsKey(t.Id)).Select(t => (called[t.Id], t))];
            looks = [.. looks.Select(l => l.Renamed(renamed))];
        }

        if (trials.Count > there.Length && now.Completed > (looks.Count > 0 ? looks[^1].Completed : 0))
            looks.Add(SweepLook.Of(now.At, now.Completed, there));
        return looks;
    }

    private static SpecChangedException Changed(SweepRow stored, JsonObject before, SweepSpec sweep, int total, int gone)
    {
        string what = gone == total ? "none of its trials is among these" : gone > 0
            ? $"{gone} of its {total} trials are not among these" : "it compares otherwise";

        // Two sweeps that have no more than a store in common differ in everything.
        string? tuned = before[TuneSpec.Key] is null && sweep.Tune is null ? null
            : "\nwhat is tuned, by what and with which budget is fixed before any result; allowed: the same. Anything else is another sweep: give it a name of "
                + "its own (or delete this one first: sweep delete)";
        string? race = before[RaceReader.Name] is null && sweep.Race is null ? tuned
            : "\nlooks, shares, margin and family are fixed before any result; allowed: the same ones. Other looks, or seeds beyond the last one, are another "
                + "sweep: give it a name of its own (or delete this one first: sweep delete)";
        string difference = gone < total || stored.Name == sweep.Name
            ? $":\n{string.Join('\n', SpecDifference.Between(before, sweep.Resolved))}" : string.Empty;
        return new SpecChangedException($"there is sweep '{stored.Name}' ({total} trials), and this is another spec: {what}{difference}{race}");
    }

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
    /// The same sweep, written otherwise: its data files were moved, which is part of no identity, but silos must find them where they are now; or it is
    /// expected to show something else, which is remembered with how much was known by then.
    /// </summary>
    private static async Task UpdateAsync(SqlWork work, SweepRow stored, SweepSpec sweep, List<PlannedTrial> trials)
    {
        // One that has changed by itself says nothing of what was known before; the same trials are there, so the rest is repaired.
        JsonObject? before = stored.IsSound ? JsonNode.Parse(stored.Resolved)!.AsObject() : null;
        long completed = await CompletedAsync(work, stored);
        string resolved = LookJson.With(
            ExpectationJson.Register(before, sweep.Resolved, Registration(work, sweep, completed)), LookJson.Read(before)).ToJsonString();
        if (resolved == stored.Resolved && stored.IsSound)
            return;
        await RenewAsync(work, stored, sweep, resolved);
        if (before is null || SweepIdentity.Plan(before).ToJsonString() != SweepIdentity.Plan(sweep.Resolved).ToJsonString())
            await PlaceAsync(work, stored, trials.Select((trial, ordinal) => ((long)ordinal, trial.Trial)));
        if (await Operations.MayGoOnAsync(work, stored.Sweep))
        {
            await RequestRows.WriteAsync(work, OperatorRequest.Resume(sweep.Id));
            work.Announce(RequestRows.News);
        }

        work.Announce(sweep.Id);
    }

    private static Task<int> RenewAsync(SqlWork work, SweepRow stored, SweepSpec sweep, string resolved) => work.ExecuteAsync(
        """
        UPDATE sweeps SET id = @Id, name = @Name, resolved = @resolved, source = @Source, digest = @digest, slots = @Slots, priority = @Priority,
            most_failed = @Failed
        WHERE sweep = @Sweep
        """,
        new
        {
            sweep.Id, sweep.Name, resolved, sweep.Source, digest = Digest(sweep, resolved), stored.Sweep,
            sweep.Limits.Slots, sweep.Limits.Priority, sweep.Limits.Failed,
        });

    /// <summary>Writes the places and specs of trials that are there.</summary>
    private static async Task PlaceAsync(SqlWork work, SweepRow stored, IEnumerable<(long Ordinal, TrialSpec Trial)> trials)
    {
        foreach ((long Ordinal, TrialSpec Trial)[] some in trials.Chunk(UpdatesAtOnce))
        {
            foreach ((long ordinal, TrialSpec trial) in some)
            {
                string spec = StoredJson.Write(trial);
                work.Later(
                    "UPDATE trials SET ordinal = @ordinal, spec = @spec, digest = @digest WHERE sweep = @Sweep AND id = @Id",
                    new { ordinal, spec, digest = RowDigest.OfTrial(ordinal, trial.Id, spec), stored.Sweep, trial.Id });
            }

            await work.FlushAsync();
        }
    }

    private static Task<long> CompletedAsync(SqlWork work, SweepRow stored) => work.FirstOrDefaultAsync<long>(
        "SELECT CAST(SUM(completed) AS BIGINT) FROM sweep_counts WHERE sweep = @Sweep", new { stored.Sweep });

    /// <summary>The context of what submits it, where there is one.</summary>
    private static string? Trace => Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity ? activity.Id : null;

    private static byte[] Digest(SweepSpec sweep, string resolved) => RowDigest.OfSweep(sweep.Id, sweep.Name, resolved, sweep.Source);

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
