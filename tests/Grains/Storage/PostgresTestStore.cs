using System.Globalization;
using Sweep.Grains.Coordination;
using Sweep.Grains.Storage.Postgres;
using Sweep.Tests.Grains.Coordination;

namespace Sweep.Tests.Grains.Storage;

/// <summary>A schema of its own in the run's server. Its clock stands until it is advanced: the schema's <c>now_ms()</c> is replaced.</summary>
internal sealed class PostgresTestStore : IAsyncDisposable
{
    private static int _count;
    private readonly PostgresServer _server;
    private readonly ManualClock _clock = new();
    private readonly List<PostgresSweeps> _open = [];

    public PostgresTestStore(PostgresServer server)
    {
        _server = server;
        Schema = string.Create(CultureInfo.InvariantCulture, $"t{Interlocked.Increment(ref _count)}");
        Url = PostgresUrl.Parse(server.Url(Schema));
        PostgresSweeps first = PostgresSweeps.OpenAsync(Url, TimeProvider.System, StoreOpening.Create).GetAwaiter().GetResult();
        first.DisposeAsync().AsTask().GetAwaiter().GetResult();
        SetClock();
    }

    public string Schema { get; }

    public PostgresUrl Url { get; }

    public DateTimeOffset Now => _clock.GetUtcNow();

    public PostgresSweeps Open(CoordinatorOptions? options = null)
    {
        PostgresSweeps sweeps = PostgresSweeps.OpenAsync(Url, TimeProvider.System, StoreOpening.Existing, options).GetAwaiter().GetResult();
        lock (_open)
            _open.Add(sweeps);
        return sweeps;
    }

    public void Advance(TimeSpan by)
    {
        _clock.Advance(by);
        SetClock();
    }

    public Task ForgeAsync(Forgery forgery, string trialId)
    {
        string mine = $"trial = (SELECT trial FROM trials WHERE id = '{trialId}')";
        string sql = forgery switch
        {
            Forgery.MetricValue => $"UPDATE results SET metric_values[1] = metric_values[1] * (1 + 3e-16::double precision) WHERE {mine}",
            Forgery.MetricName => $"UPDATE results SET metric_names[1] = 'log_likelihooe' WHERE {mine}",
            Forgery.TruthLevel => $"UPDATE results SET metric_truth_levels[1] = metric_truth_levels[1] - 1 WHERE {mine}",
            Forgery.Reason => $"UPDATE results SET metric_reasons[2] = 'nevfr' WHERE {mine}",
            Forgery.MetricMissing =>
                $"UPDATE results SET metric_names = metric_names[2:], metric_values = metric_values[2:], metric_truth_levels = metric_truth_levels[2:], "
                    + $"metric_reasons = metric_reasons[2:] WHERE {mine}",
            Forgery.CurvePoint => $"UPDATE results SET curve_points[1] = set_byte(curve_points[1], 0, get_byte(curve_points[1], 0) # 1) WHERE {mine}",
            Forgery.CurveName => $"UPDATE results SET curve_names[1] = 'log_likelihooe' WHERE {mine}",
            Forgery.Notes => $"UPDATE results SET notes = replace(notes, 'not', 'now') WHERE {mine}",
            Forgery.NotesTorn => $"UPDATE results SET notes = substr(notes, 2) WHERE {mine}",
            Forgery.Device => $"UPDATE results SET device = 'cpv' WHERE {mine}",
            Forgery.Attempt => $"UPDATE results SET attempt = 3 WHERE {mine}",
            Forgery.Digest => $"UPDATE results SET digest = set_byte(digest, 40, get_byte(digest, 40) # 1) WHERE {mine}",
            Forgery.ResultMissing => $"DELETE FROM results WHERE {mine}",
            Forgery.ResultOfAnother =>
                $"""
                DELETE FROM results WHERE {mine};
                INSERT INTO results SELECT (SELECT trial FROM trials WHERE id = '{trialId}'), attempt, device, notes, digest, metric_names, metric_values,
                    metric_truth_levels, metric_reasons, curve_names, curve_points
                FROM results WHERE trial = (SELECT MAX(trial) FROM results);
                """,
            Forgery.Spec => $"UPDATE trials SET spec = replace(spec, '\"width\":', '\"wjdth\":') WHERE id = '{trialId}'",
            Forgery.State => $"UPDATE trials SET state = 3 WHERE id = '{trialId}'",
            Forgery.Times =>
                "UPDATE silos SET first_seen = 9223372036854775807; UPDATE attempts SET started = -9223372036854775807; UPDATE trials SET expires = "
                + "9223372036854775807; "
                + "UPDATE sweeps SET submitted = 9223372036854775807",
            Forgery.SweepSpec => $"UPDATE sweeps SET resolved = substr(resolved, 2) WHERE sweep = (SELECT sweep FROM trials WHERE id = '{trialId}')",
            _ => throw new ArgumentOutOfRangeException(nameof(forgery)),
        };
        return _server.ExecuteAsync($"SET search_path = {Schema}; {sql}");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (PostgresSweeps sweeps in _open)
            await sweeps.DisposeAsync();
        await _server.ExecuteAsync($"DROP SCHEMA {Schema} CASCADE");
    }

    private void SetClock() => _server.ExecuteAsync(string.Create(
        CultureInfo.InvariantCulture,
        $"CREATE OR REPLACE FUNCTION {Schema}.now_ms() RETURNS bigint LANGUAGE sql VOLATILE AS 'SELECT {Now.ToUnixTimeMilliseconds()}::bigint'"))
        .GetAwaiter().GetResult();
}
