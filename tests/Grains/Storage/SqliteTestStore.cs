using Microsoft.Data.Sqlite;
using Sweep.Grains.Coordination;
using Sweep.Grains.Orleans;
using Sweep.Grains.Storage;
using Sweep.Grains.Storage.Sqlite;
using Sweep.Tests.Grains.Coordination;

namespace Sweep.Tests.Grains.Storage;

/// <summary>A SQLite file in a folder of its own, removed at the end, whose trials an embedded silo's grains own.</summary>
internal sealed class SqliteTestStore : TestStore
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sweep-store-");
    private readonly ManualClock _clock = new();
    private readonly List<SqliteSweeps> _open = [];
    private string? _key;

    public string FilePath => Path.Combine(_folder.FullName, "sweep.db");

    public override DateTimeOffset Now => _clock.GetUtcNow();

    public override ICoordinator Connect(CoordinatorOptions? options = null)
    {
        SqlSweeps store = Open(options);
        string key = _key ??= EmbeddedSilo.Add(store);
        return new OrleansCoordinator(() => EmbeddedSilo.Grains, key, store, TimeProvider.System);
    }

    public override SqlSweeps Open(CoordinatorOptions? options = null)
    {
        SqliteSweeps store = SqliteSweeps.Open(FilePath, _clock, options);
        _open.Add(store);
        return store;
    }

    public override void Advance(TimeSpan by) => _clock.Advance(by);

    public override Task ForgeAsync(Forgery forgery, string trialId)
    {
        const string Mine = "trial = (SELECT trial FROM trials WHERE id = @id)",
            Other = "(SELECT MAX(trial) FROM results WHERE NOT (trial = (SELECT trial FROM trials WHERE id = @id)))";
        string sql = forgery switch
        {
            Forgery.MetricValue => $"UPDATE metrics SET value = value * (1 + 3e-16) WHERE name = 'log_likelihood' AND {Mine}",
            Forgery.MetricName => $"UPDATE metrics SET name = 'log_likelihooe' WHERE name = 'log_likelihood' AND {Mine}",
            Forgery.TruthLevel => $"UPDATE metrics SET truth_level = truth_level - 1 WHERE name = 'log_likelihood' AND {Mine}",
            Forgery.Reason => $"UPDATE metrics SET reason = 'nevfr' WHERE reason = 'never' AND {Mine}",
            Forgery.MetricMissing => $"DELETE FROM metrics WHERE name = 'log_likelihood' AND {Mine}",
            Forgery.CurvePoint => $"UPDATE curves SET points = CAST(x'01' || substr(points, 2) AS BLOB) WHERE name = 'log_likelihood' AND {Mine}",
            Forgery.CurveName => $"UPDATE curves SET name = 'log_likelihooe' WHERE name = 'log_likelihood' AND {Mine}",
            Forgery.Notes => $"UPDATE results SET notes = replace(notes, 'not', 'now') WHERE {Mine}",
            Forgery.NotesTorn => $"UPDATE results SET notes = substr(notes, 2) WHERE {Mine}",
            Forgery.Device => $"UPDATE results SET device = 'cpv' WHERE {Mine}",
            Forgery.Attempt => $"UPDATE results SET attempt = 3 WHERE {Mine}",
            Forgery.Digest => $"UPDATE results SET digest = zeroblob(length(digest)) WHERE {Mine}",
            Forgery.ResultMissing => $"DELETE FROM metrics WHERE {Mine}; DELETE FROM curves WHERE {Mine}; DELETE FROM results WHERE {Mine}",
            Forgery.ResultOfAnother =>
                $"""
                DELETE FROM metrics WHERE {Mine}; DELETE FROM curves WHERE {Mine}; DELETE FROM results WHERE {Mine};
                INSERT INTO results SELECT (SELECT trial FROM trials WHERE id = @id), attempt, device, notes, digest FROM results WHERE trial = {Other};
                INSERT INTO metrics SELECT (SELECT trial FROM trials WHERE id = @id), name, value, truth_level, reason FROM metrics WHERE trial = {Other};
                INSERT INTO curves SELECT (SELECT trial FROM trials WHERE id = @id), name, points FROM curves WHERE trial = {Other};
                """,
            Forgery.Spec => "UPDATE trials SET spec = replace(spec, '\"width\":', '\"wjdth\":') WHERE id = @id",
            Forgery.State => "UPDATE trials SET state = 3 WHERE id = @id",
            Forgery.Times =>
                "UPDATE silos SET first_seen = 9223372036854775807; UPDATE attempts SET started = -9223372036854775807; UPDATE trials SET expires = "
                + "9223372036854775807 WHERE id = @id; "
                + "UPDATE sweeps SET submitted = 9223372036854775807",
            Forgery.SweepSpec => "UPDATE sweeps SET resolved = substr(resolved, 2) WHERE sweep = (SELECT sweep FROM trials WHERE id = @id)",
            _ => throw new ArgumentOutOfRangeException(nameof(forgery)),
        };
        using SqliteConnection connection = new($"Data Source={FilePath};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = $"PRAGMA ignore_check_constraints = ON; {sql}";
        command.Parameters.AddWithValue("@id", trialId);
        command.ExecuteNonQuery();
        return Task.CompletedTask;
    }

    public override async ValueTask DisposeAsync()
    {
        if (_key is { } key)
            EmbeddedSilo.Remove(key);
        foreach (SqliteSweeps store in _open)
            await store.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
