using System.Data.Common;
using Dapper;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;

namespace Sweep.Grains.Storage;

/// <summary>
/// A race's rows, and tuning's where they are alike: which look results are gathered for, what was judged, and what becomes of the trials that were
/// held for it.
/// </summary>
internal static class LookRows
{
    private const int RowsAtOnce = 500;

    /// <summary>Where the race of a sweep stands; null where it is none, or over.</summary>
    public static async Task<PendingLook?> PendingAsync(SqlWork work, long sweep)
    {
        // Locked: two activations must not both judge it. What the one before decided is asked for afterwards, so that it is what that lock waited for.
        PendingLook? pending = await work.FirstOrDefaultAsync<PendingLook>(
            $"""
            SELECT t.look AS Look, t.looks AS Looks, t.resolved AS Resolved, t.source AS Source FROM sweeps t
            WHERE t.sweep = @sweep AND t.look > 0 {work.Store.ForUpdate}
            """,
            new { sweep });
        if (pending is { Look: > 1 })
        {
            pending.Before = await work.FirstOrDefaultAsync<string>(
                "SELECT decisions FROM looks WHERE sweep = @sweep AND look = @look", new { sweep, look = pending.Look - 1 })
                ?? throw new StoreException($"the store is damaged: look {pending.Look - 1} of the race is missing") { IsLasting = true };
        }

        return pending;
    }

    /// <summary>
    /// Whether every trial that the look asked for has ended. A race that was cancelled as a whole is not judged by what was there: retrying it goes on. So is
    /// tuning, whose confirming trials are held to its end.
    /// </summary>
    /// <param name="tuning">Whether it is tuning.</param>
    public static async Task<bool> IsFullAsync(SqlWork work, long sweep, PendingLook pending, bool tuning)
    {
        // Trials of later looks are held, so that whatever is queued or runs was asked for.
        if (await AnyAsync($"state IN ({Code.Queued}, {Code.Running})"))
            return false;
        return (pending.Look == pending.Looks && !tuning) || await AnyAsync($"state = {Code.Held}")
            || !await AnyAsync($"state = {Code.Cancelled} AND stage <= @Look");

        async Task<bool> AnyAsync(string condition) => await work.FirstOrDefaultAsync<long?>(
            $"SELECT trial FROM trials WHERE sweep = @sweep AND {condition} LIMIT 1", new { sweep, pending.Look }) is not null;
    }

    /// <summary>The trials that a look has asked for, with the results of those that completed, in spec order; and the digest of all that.</summary>
    /// <param name="curves">The curves that are wanted of each result.</param>
    public static async Task<(List<CompletedTrial> Completed, byte[] Inputs)> ReadAsync(
        SqlWork work, long sweep, PendingLook pending, IReadOnlyCollection<string> curves)
    {
        const string Asked = "t.sweep = @sweep AND t.stage BETWEEN 1 AND @Look";
        List<AskedRow> rows = await work.ListAsync<AskedRow>(
            $"""
            SELECT t.trial AS Trial, t.ordinal AS Ordinal, t.id AS Id, t.state AS State, r.digest AS Digest
            FROM trials t LEFT JOIN results r ON r.trial = t.trial WHERE {Asked} ORDER BY t.ordinal
            """,
            new { sweep, pending.Look });
        string points = curves.Count == 0 ? "NULL" : $"CASE WHEN {work.Store.Among("c.name", "@curves")} THEN c.points END";
        Dictionary<long, ReadResult> results = await ResultRows.ReadAsync(
            work.Connection, $"SELECT t.trial FROM trials t WHERE {Asked} AND t.state = {Code.Completed}",
            new { sweep, pending.Look, curves = curves.ToArray() }, points, work.CancellationToken);
        using DigestBuilder digest = new("look 1");
        Dictionary<long, long> completed = [];
        foreach (AskedRow row in rows)
        {
            digest.Add(row.Ordinal).Add(row.Id).Add((long)row.State).Add(row.Digest ?? []);
            if (row.State == (int)TrialStatus.Completed)
                completed.Add(row.Ordinal, row.Trial);
        }

        // Specs follow from the sweep's own, which costs less than to read each trial's.
        List<CompletedTrial> read = [];
        long ordinal = -1;
        foreach (TrialSpec trial in StoredJson.ReadTrials(pending.Resolved, pending.Source))
        {
            ordinal++;

            // A damaged result is one without a value: its comparisons have no test.
            if (completed.TryGetValue(ordinal, out long key) && results.TryGetValue(key, out ReadResult result) && result.Result is { } sound)
                read.Add(new CompletedTrial(trial, sound));
        }

        return (read, digest.Finish());
    }

    /// <summary>
    /// Writes a look's decisions once, queues the next look's trials of the groups that go on, and takes out what the groups that have stopped still had.
    /// </summary>
    /// <param name="open">The groups that go on, by their place in the spec's expansion; none where the race is over.</param>
    /// <param name="seeds">Trials of each group.</param>
    public static async Task JudgedAsync(
        SqlWork work, long sweep, int look, byte[] inputs, string decisions, IReadOnlySet<long> open, int seeds)
    {
        await work.ExecuteAsync(
            "INSERT INTO looks (sweep, look, judged, inputs, decisions) VALUES (@sweep, @look, @Now, @inputs, @decisions)",
            new { sweep, look, work.Now, inputs, decisions });
        int next = open.Count > 0 ? look + 1 : 0;
        List<HeldRow> held = await work.ListAsync<HeldRow>(
            $"""
            SELECT t.trial AS Trial, t.ordinal AS Ordinal, t.stage AS Stage, t.cost AS Cost FROM trials t
            WHERE t.sweep = @sweep AND t.state = {Code.Held} ORDER BY t.trial {work.Store.ForUpdate}
            """,
            new { sweep });
        await MoveAsync(
            work, sweep, [.. held.Where(t => next > 0 && t.Stage <= next && open.Contains(t.Ordinal / seeds)).Select(t => t.Trial)], TrialStatus.Queued);
        HeldRow[] stopped = [.. held.Where(t => !open.Contains(t.Ordinal / seeds))];
        await MoveAsync(work, sweep, [.. stopped.Select(t => t.Trial)], TrialStatus.Pruned);
        await work.ExecuteAsync(
            "UPDATE sweeps SET look = @next, cost_total = CASE WHEN cost_total > @cost THEN cost_total - @cost ELSE 0 END WHERE sweep = @sweep",
            new { next, cost = stopped.Sum(t => t.Cost), sweep });
    }

    public static async Task<IReadOnlyList<JudgedLook>> ListAsync(DbConnection connection, string sweepId, CancellationToken cancellationToken) =>
    [
        .. (await connection.QueryAsync<LookRow>(new CommandDefinition(
            """
            SELECT l.look AS Look, l.judged AS Judged, l.inputs AS Inputs, l.decisions AS Decisions
            FROM looks l JOIN sweeps s ON s.sweep = l.sweep WHERE s.id = @sweepId ORDER BY l.look
            """,
            new { sweepId },
            cancellationToken: cancellationToken))).Select(row => row.ToLook()),
    ];

    /// <summary>Held trials become something else.</summary>
    public static async Task MoveAsync(SqlWork work, long sweep, long[] trials, TrialStatus to)
    {
        foreach (long[] some in trials.Chunk(RowsAtOnce))
        {
            await work.ExecuteAsync(
                $"UPDATE trials SET state = @to WHERE state = {Code.Held} AND {work.Store.Among("trial", "@some")}", new { to = (int)to, some });
        }

        work.Move(sweep, TrialStatus.Held, to, 0, trials.Length);
    }

    private sealed class AskedRow
    {
        public long Trial { get; set; }

        public long Ordinal { get; set; }

        public string Id { get; set; } = "";

        public int State { get; set; }

        public byte[]? Digest { get; set; }
    }

    private sealed class HeldRow
    {
        public long Trial { get; set; }

        public long Ordinal { get; set; }

        public int Stage { get; set; }

        public double Cost { get; set; }
    }

    private sealed class LookRow
    {
        public int Look { get; set; }

        public long Judged { get; set; }

        public byte[] Inputs { get; set; } = [];

        public string Decisions { get; set; } = "";

        public JudgedLook ToLook() => new(Look, StoredTime.Of(Judged), Convert.ToHexStringLower(Inputs), Decisions);
    }
}

/// <summary>The look of a race that results are gathered for.</summary>
internal sealed class PendingLook
{
    /// <summary>From 1.</summary>
    public int Look { get; set; }

    /// <summary>How many the race plans.</summary>
    public int Looks { get; set; }

    public string Resolved { get; set; } = "";

    public string Source { get; set; } = "";

    /// <summary>What the look before decided; null at the first.</summary>
    public string? Before { get; set; }
}
