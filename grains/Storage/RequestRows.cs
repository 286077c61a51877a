using System.Data.Common;
using System.Text.Json;
using Dapper;
using Sweep.Grains.Coordination;

namespace Sweep.Grains.Storage;

/// <summary>
/// The rows of operators' requests: written by the requester, carried out once by the process that decides, and then the log of what was done.
/// </summary>
internal static class RequestRows
{
    /// <summary>Told to those who listen instead of a sweep's id: requests wait.</summary>
    public const string News = "requests";

    private const string Columns =
        """
        t.request AS Request, t.id AS Id, s.id AS SweepId, t.name AS Name, t.verb AS Verb, t.trials AS Trials, t.silo AS Silo, t.note AS Note,
            t.who AS Who, t.asked AS Asked, t.done AS Done, t.count AS Count, t.refused AS Refused
        """;

    /// <summary>Writes a request; one that is there already stays as it is.</summary>
    /// <exception cref="ArgumentException">No such sweep.</exception>
    public static async Task WriteAsync(SqlWork work, OperatorRequest request)
    {
        long? sweep = request.SweepId is { } id ? await Operations.KeyAsync(work, id) : null;
        string? name = sweep is null ? null : await work.FirstOrDefaultAsync<string>("SELECT name FROM sweeps WHERE sweep = @sweep", new { sweep });
        string? trials = request.Trials is { } ids ? JsonSerializer.Serialize(ids) : null;
        string? note = StoredJson.Write(request.Note);
        await work.ExecuteAsync(work.Store.InsertRequest,
            new { request.Id, sweep, name, verb = (int)request.Verb, trials, request.Silo, note, who = Environment.UserName, work.Now });
    }

    /// <summary>Carries out what waits, in the order in which it was asked. Whoever does so has the sweep's rows to itself.</summary>
    /// <param name="sweep">Of this sweep; null: of none.</param>
    /// <returns>How many requests.</returns>
    public static async Task<int> CarryOutAsync(SqlWork work, long? sweep, CoordinatorOptions options)
    {
        string its = sweep is null ? "IS NULL" : "= @sweep";
        List<RequestRow> waiting = await work.ListAsync<RequestRow>(
            $"""
            SELECT {Columns} FROM requests t LEFT JOIN sweeps s ON s.sweep = t.sweep
            WHERE t.done IS NULL AND t.sweep {its} ORDER BY t.request {work.Store.ForUpdate}
            """,
            new { sweep });
        if (sweep is { } key && waiting.Count > 0)
            await TrialRows.ExpireAsync(work, key, options);
        bool gone = false;
        foreach (RequestRow row in waiting)
        {
            if (gone)
                break;
            (int count, string? refused) = await CarryOutAsync(work, sweep, row);
            gone = (OperatorVerb)row.Verb == OperatorVerb.Delete && refused is null;
            work.Later("UPDATE requests SET done = @Now, count = @count, refused = @refused WHERE request = @Request",
                new { work.Now, count, refused, row.Request });
        }

        return waiting.Count;
    }

    /// <summary>One request as it stands; null when there is none.</summary>
    public static async Task<RequestRecord?> FindAsync(DbConnection connection, string id, CancellationToken cancellationToken) =>
        (await connection.QueryFirstOrDefaultAsync<RequestRow>(new CommandDefinition(
            $"SELECT {Columns} FROM requests t LEFT JOIN sweeps s ON s.sweep = t.sweep WHERE t.id = @id", new { id },
                cancellationToken: cancellationToken)))?.ToRecord();

    /// <summary>Requests of a sweep and those of none, the latest first.</summary>
    public static async Task<IReadOnlyList<RequestRecord>> ListAsync(DbConnection connection, string sweepId, int most, CancellationToken cancellationToken)
    {
        IEnumerable<RequestRow> rows = await connection.QueryAsync<RequestRow>(new CommandDefinition(
            $"""
            SELECT {Columns} FROM requests t LEFT JOIN sweeps s ON s.sweep = t.sweep
            WHERE t.sweep IS NULL OR t.sweep = (SELECT sweep FROM sweeps WHERE id = @sweepId) ORDER BY t.request DESC LIMIT @most
            """,
            new { sweepId, most },
            cancellationToken: cancellationToken));
        return [.. rows.Select(row => row.ToRecord())];
    }

    /// <summary>A row that somebody wrote by hand must not keep the others waiting: what can't be carried out is refused.</summary>
    private static async Task<(int Count, string? Refused)> CarryOutAsync(SqlWork work, long? sweep, RequestRow row)
    {
        string[]? trials;
        try
        {
            trials = row.ReadTrials();
        }
        catch (JsonException)
        {
            return (0, "its trials can't be read; allowed: a JSON array of ids, or none for all");
        }

        SweepNote? note = StoredJson.ReadNote(row.Note);
        if (note is null && row.Note is not null)
            return (0, "its note can't be read; allowed: JSON of a text and tags within a note's limits");

        return ((OperatorVerb)row.Verb, sweep) switch
        {
            (OperatorVerb.Pause, { } key) => (await Operations.PauseAsync(work, key, paused: true), null),
            (OperatorVerb.Resume, { } key) => (await Operations.PauseAsync(work, key, paused: false), null),
            (OperatorVerb.Cancel, { } key) => (await Operations.CancelAsync(work, key, trials), null),
            (OperatorVerb.Retry, { } key) => (await Operations.RetryAsync(work, key, trials), null),
            (OperatorVerb.Discard, { } key) when trials is not null => (await Operations.DiscardAsync(work, key, trials), null),
            (OperatorVerb.Delete, { } key) => (await Deletion.DeleteAsync(work, key, row.Request), null),
            (OperatorVerb.Note, { } key) => (await Operations.NoteAsync(work, key, note ?? SweepNote.None), null),
            (OperatorVerb.Unquarantine, null) when row.Silo is { } silo => (await Quarantine.LiftAsync(work, silo) ? 1 : 0, null),
            (var verb, _) => (0, $"{verb} of {(sweep is null ? "no sweep" : "a sweep")}; allowed: what this version of the program asks for"),
        };
    }

    private sealed class RequestRow
    {
        public long Request { get; set; }

        public string Id { get; set; } = "";

        public string? SweepId { get; set; }

        public string? Name { get; set; }

        public int Verb { get; set; }

        public string? Trials { get; set; }

        public string? Silo { get; set; }

        public string? Note { get; set; }

        public string Who { get; set; } = "";

        public long Asked { get; set; }

        public long? Done { get; set; }

        public int Count { get; set; }

        public string? Refused { get; set; }

        public string[]? ReadTrials() => Trials is null ? null : JsonSerializer.Deserialize<string[]>(Trials);

        public RequestRecord ToRecord() =>
            new(new OperatorRequest((OperatorVerb)Verb) { Id = Id, SweepId = SweepId, Trials = Shown(), Silo = Silo, Note = StoredJson.ReadNote(Note) },
                Who, StoredTime.Of(Asked))
        {
            Done = Done is { } done ? StoredTime.Of(done) : null, Count = Count, Refused = Refused, SweepName = Name,
        };

        private string[]? Shown()
        {
            try
            {
                return ReadTrials();
            }
            catch (JsonException)
            {
                return [];
            }
        }
    }
}
