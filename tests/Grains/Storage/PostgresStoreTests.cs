using System.Globalization;
using System.Text.Json.Nodes;
using Npgsql;
using Sweep.Grains.Coordination;
using Sweep.Grains.Orleans;
using Sweep.Grains.Orleans.Clustering;
using Sweep.Grains.Specs;
using Sweep.Grains.Storage;
using Sweep.Grains.Storage.Postgres;
using Sweep.Tests.Grains.Coordination;
using Sweep.Tests.Orleans;
using Xunit;

namespace Sweep.Tests.Grains.Storage;

/// <summary>What is PostgreSQL's own: whose schemas it takes, who may do what, TLS, what SQL users see.</summary>
public sealed class PostgresStoreTests(PostgresServer server, OrleansCluster cluster) : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static int _count;

    private readonly string _schema = string.Create(CultureInfo.InvariantCulture, $"own {Interlocked.Increment(ref _count)}\"");

    private string Quoted => $"\"{_schema.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    public ValueTask InitializeAsync()
    {
        if (PostgresServer.Missing is { } missing)
            Assert.Skip(missing);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        if (PostgresServer.Missing is not null)
            return;
        cluster.Hub.Remove(_schema);
        await server.ExecuteAsync($"DROP SCHEMA IF EXISTS {Quoted} CASCADE");
        foreach (string role in (string[])["operator", "silo", "reader"])
        {
            if (await server.ScalarAsync($"SELECT 1 FROM pg_roles WHERE rolname = '{_schema}_{role}'") is not null)
                await server.ExecuteAsync($"DROP OWNED BY \"{_schema.Replace("\"", "\"\"", StringComparison.Ordinal)}_{role}\" CASCADE");
        }
    }

    [Fact]
    public async Task Open_WhenThereIsNoStore_IsRefusedUnlessAsked()
    {
        StoreException e = await RefusedAsync(StoreOpening.Existing);
        Assert.Contains("there is no store", e.Message, StringComparison.Ordinal);
        Assert.Null(await server.ScalarAsync($"SELECT 1 FROM pg_namespace WHERE nspname = '{_schema}'"));

        await using PostgresSweeps made = await OpenAsync(StoreOpening.Create);
        await using PostgresSweeps again = await OpenAsync(StoreOpening.Existing);
        Assert.Empty(await again.ListAsync(None));
    }

    [Theory]
    [InlineData(99, StoreOpening.Existing)]
    [InlineData(99, StoreOpening.Create)]
    [InlineData(0, StoreOpening.Existing)]
    [InlineData(0, StoreOpening.Create)]
    public async Task Open_WhenTheSchemaIsOfAnotherVersion_IsRefusedByNumber(int version, StoreOpening opening)
    {
        await (await OpenAsync(StoreOpening.Create)).DisposeAsync();
        await server.ExecuteAsync($"UPDATE {Quoted}.store SET version = {version}");

        StoreException e = await RefusedAsync(opening);

        Assert.Contains($"has schema {version}; allowed: {StoreSchema.Version}. Another version of Sweep made it", e.Message, StringComparison.Ordinal);
        Assert.Contains("another schema (URL?schema=NAME)", e.Message, StringComparison.Ordinal);
        Assert.Equal(version, await server.ScalarAsync($"SELECT version FROM {Quoted}.store"));
    }

    [Theory]
    [InlineData("CREATE TABLE {0}.sweeps (id text)")]
    [InlineData("CREATE TABLE {0}.store (name text)")]
    [InlineData("CREATE TABLE {0}.store (application text, version integer); INSERT INTO {0}.store VALUES ('a shop', 1)")]
    public async Task Open_WhenTheSchemaIsAnotherPrograms_IsRefusedUntouched(string sql)
    {
        await server.ExecuteAsync($"CREATE SCHEMA {Quoted}; {string.Format(CultureInfo.InvariantCulture, sql, Quoted)}");

        foreach (StoreOpening opening in Enum.GetValues<StoreOpening>())
            Assert.Contains("not a store of ours", (await RefusedAsync(opening)).Message, StringComparison.Ordinal);
        Assert.Equal(1L, await server.ScalarAsync(
            $"SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = '{_schema}' AND c.relkind IN ('r', 'v', 'i')"));
    }

    [Fact]
    public async Task Open_WhenSeveralMakeTheStoreAtOnce_AllSucceed()
    {
        PostgresSweeps[] opened = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => OpenAsync(StoreOpening.Create)));
        await opened[0].SubmitAsync(Samples.Sweep("ring"), Samples.Trials(1), None);
        foreach (PostgresSweeps coordinator in opened)
        {
            Assert.Single(await coordinator.ListAsync(None));
            await coordinator.DisposeAsync();
        }
    }

    [Theory]
    [InlineData("UPDATE results SET metric_values[1] = 'NaN'")]
    [InlineData("UPDATE results SET metric_values[1] = '-Infinity'")]
    [InlineData("UPDATE results SET metric_truth_levels[1] = 'Infinity'")]
    [InlineData("UPDATE results SET metric_values[1] = NULL")]
    [InlineData("UPDATE results SET metric_names = metric_names[2:]")]
    [InlineData("UPDATE results SET curve_points[1] = '\\x010203'")]
    [InlineData("UPDATE results SET curve_names = curve_names[2:]")]
    [InlineData("UPDATE results SET digest = '\\x00'")]
    [InlineData("UPDATE results SET attempt = 0")]
    [InlineData("UPDATE trials SET state = 7")]
    [InlineData("UPDATE trials SET state = 1")]
    [InlineData("UPDATE trials SET cost = 'NaN'")]
    [InlineData("UPDATE trials SET failures = -1")]
    [InlineData("UPDATE attempts SET outcome = 8")]
    [InlineData("UPDATE attempts SET outcome = -1")]
    public async Task Rows_WhenOutOfRange_AreRefused(string sql)
    {
        await using OrleansCoordinator coordinator = cluster.Serve(_schema, await OpenAsync(StoreOpening.Create));
        await coordinator.SubmitAsync(Samples.Sweep("ring"), Samples.Trials(1), None);
        await coordinator.CompleteAsync((await coordinator.LeaseAsync(new LeaseRequest("a", 1), None))[0], Samples.Result(), None);

        PostgresException e = await Assert.ThrowsAsync<PostgresException>(() => server.ExecuteAsync($"SET search_path = {Quoted}; {sql}"));
        Assert.Equal(PostgresErrorCodes.CheckViolation, e.SqlState);
    }

    [Fact]
    public async Task Rows_WhenStatesAndOutcomesAreOnesWeKnow_AreTaken()
    {
        await using OrleansCoordinator coordinator = cluster.Serve(_schema, await OpenAsync(StoreOpening.Create));
        await coordinator.SubmitAsync(Samples.Sweep("ring"), Samples.Trials(1), None);
        await coordinator.LeaseAsync(new LeaseRequest("a", 1), None);
        foreach (AttemptOutcome outcome in Enum.GetValues<AttemptOutcome>())
            await server.ExecuteAsync($"UPDATE {Quoted}.attempts SET outcome = {(int)outcome}");
        foreach (TrialStatus state in Enum.GetValues<TrialStatus>())
            await server.ExecuteAsync($"UPDATE {Quoted}.trials SET state = {(int)state}, silo = {(state == TrialStatus.Running ? "1" : "NULL")}, expires = 0");
    }

    [Fact]
    public async Task SubmitAsync_WhenSeveralSubmitTheSameAtOnce_AddsItOnce()
    {
        await using PostgresSweeps coordinator = await OpenAsync(StoreOpening.Create);
        SubmitAnswer[] answers = await Task.WhenAll(
            Enumerable.Range(0, 6).Select(_ => coordinator.SubmitAsync(Samples.Sweep("ring"), Samples.Trials(50), None)));

        Assert.Equal(50, answers.Sum(answer => answer.Added));
        Assert.Equal(50, Assert.Single(await coordinator.ListAsync(None)).Queued);
    }

    [Fact]
    public async Task WriteAsync_WhenTheServerIsGone_SaysSoWithoutThePassword()
    {
        PostgresUrl url = PostgresUrl.Parse("postgresql://ann:hunter2@127.0.0.1:1/sweeps");
        StoreException e = await Assert.ThrowsAsync<StoreException>(() => PostgresSweeps.OpenAsync(url, TimeProvider.System, StoreOpening.Create));
        Assert.Contains("can't be reached: postgresql://ann@127.0.0.1:1/sweeps", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", e.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WriteAsync_WhenAProcessFreezesInATransaction_OthersWaitForOneLeaseAtMost()
    {
        PostgresUrl url = PostgresUrl.Parse(server.Url(_schema));
        await (await PostgresSweeps.OpenAsync(url, TimeProvider.System, StoreOpening.Create)).DisposeAsync();
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(url.Settings);
        await using PostgresStore store = new(source, url, new CoordinatorOptions { LeaseDuration = TimeSpan.FromMilliseconds(300) }, TimeProvider.System);
        TaskCompletionSource locked = new(), thawed = new();
        Task<int> frozen = store.WriteAsync(
            durable: true,
            async work =>
            {
                int rows = await work.ExecuteAsync("UPDATE store SET version = version");
                locked.SetResult();
                await thawed.Task;
                return rows;
            },
            None);
        await locked.Task;

        // This waits for the row's lock: only the end of the other transaction lets it through.
        await server.ExecuteAsync($"UPDATE {Quoted}.store SET version = version");
        thawed.SetResult();
        await Assert.ThrowsAsync<StoreException>(() => frozen);
    }

    [Fact]
    public async Task WaitForWorkAsync_WhenAnotherProcessQueues_WakesAlsoAfterALostConnection()
    {
        await using OrleansCoordinator waiting = cluster.Serve(_schema, await OpenAsync(StoreOpening.Create));
        await using OrleansCoordinator other = new(() => cluster.Grains(1), _schema, await OpenAsync(StoreOpening.Existing), TimeProvider.System);

        async Task<Task> IdleAsync()
        {
            // The listening connection raises the signal once it stands.
            await waiting.LeaseAsync(new LeaseRequest("a", 1), None);
            await waiting.WaitForWorkAsync(TimeSpan.FromMinutes(5), None).WaitAsync(TimeSpan.FromSeconds(30), None);
            Assert.Empty(await waiting.LeaseAsync(new LeaseRequest("a", 1), None));
            return waiting.WaitForWorkAsync(TimeSpan.FromMinutes(5), None);
        }

        Task wait = await IdleAsync();
        await other.SubmitAsync(Samples.Sweep("ring"), Samples.Trials(1), None);
        await wait.WaitAsync(TimeSpan.FromSeconds(30), None);
        Lease lease = Assert.Single(await waiting.LeaseAsync(new LeaseRequest("a", 1), None));
        Assert.Empty(await waiting.LeaseAsync(new LeaseRequest("a", 1), None));

        Task broken = waiting.WaitForWorkAsync(TimeSpan.FromMinutes(5), None);
        string quoted = _schema.Replace("\"", "\"\"", StringComparison.Ordinal);
        await server.ExecuteAsync($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = 'LISTEN \"{quoted}_work\"'");
        await broken.WaitAsync(TimeSpan.FromSeconds(30), None);
        wait = await IdleAsync();
        await other.ReleaseAsync(lease, AttemptOutcome.Preempted, None);
        await wait.WaitAsync(TimeSpan.FromSeconds(30), None);
        Assert.Single(await waiting.LeaseAsync(new LeaseRequest("a", 1), None));
    }

    /// <summary>A listener that ended would leave who waits to wait out its time, every time.</summary>
    [Fact]
    public async Task Listener_WhenWhoIsToldThrows_RingsAndListensOn()
    {
        PostgresUrl url = PostgresUrl.Parse(server.Url(_schema));
        var signal = new WorkSignal();
        int told = 0;
        await using var listener = new PostgresListener(url, signal, TimeProvider.System);
        using IDisposable listening = listener.WhenTold(_ => throw (Interlocked.Increment(ref told) == 1 ? new OperationCanceledException("broken")
            : new InvalidOperationException("broken")));
        await UntilAsync(() => signal.Count > 0, "the connection");

        for (int turn = 1; turn <= 3; turn++)
        {
            long before = signal.Count;
            await server.ExecuteAsync($"NOTIFY \"{PostgresListener.Channel(url).Replace("\"", "\"\"", StringComparison.Ordinal)}\", 'sweep'");
            await UntilAsync(() => told >= turn && signal.Count > before, $"signal {turn}");
        }

        static async Task UntilAsync(Func<bool> done, string what)
        {
            long began = TimeProvider.System.GetTimestamp();
            while (!done())
            {
                Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(60), $"waited for {what}");
                await Task.Delay(10, None);
            }
        }
    }

    [Theory]
    [InlineData("sslmode=require", true)]
    [InlineData("sslmode=disable", false)]
    public async Task Open_WhenTlsIsAskedForOrNot_DoesSo(string parameters, bool encrypted)
    {
        PostgresUrl url = PostgresUrl.Parse(server.Url(_schema, more: parameters));
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(url.Settings);
        await using NpgsqlCommand command = source.CreateCommand("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()");
        Assert.Equal(encrypted, await command.ExecuteScalarAsync(None));
    }

    [Fact]
    public async Task Open_WhenTheCertificateMustBeKnown_TakesNoOther()
    {
        string known = $"sslmode=verify-full&sslrootcert={Uri.EscapeDataString(server.CertificateFile)}";
        await (await PostgresSweeps.OpenAsync(
            PostgresUrl.Parse(server.Url(_schema, more: known)), TimeProvider.System, StoreOpening.Create)).DisposeAsync();

        StoreException e = await Assert.ThrowsAsync<StoreException>(() => PostgresSweeps.OpenAsync(
            PostgresUrl.Parse(server.Url(_schema, more: "sslmode=verify-full")), TimeProvider.System, StoreOpening.Existing));
        Assert.Contains("certificate", e.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Roles_WhenGranted_LetEachDoItsWorkAndNoMore()
    {
        await using (PostgresSweeps owner = await OpenAsync(StoreOpening.Create))
        {
            IReadOnlyList<string> roles = await owner.GrantRolesAsync(PostgresUrl.Parse(server.Url(Uri.EscapeDataString(_schema))), None);
            Assert.Equal([$"{_schema}_operator", $"{_schema}_silo", $"{_schema}_reader"], roles);

            // Again: nothing is in the way.
            await owner.GrantRolesAsync(PostgresUrl.Parse(server.Url(Uri.EscapeDataString(_schema))), None);
            foreach (string role in roles)
                await server.ExecuteAsync($"ALTER ROLE \"{role.Replace("\"", "\"\"", StringComparison.Ordinal)}\" LOGIN");
        }

        await using PostgresSweeps operate = await OpenAsync(StoreOpening.Create, "operator");
        await using OrleansCoordinator silo = cluster.Serve(_schema, await OpenAsync(StoreOpening.Existing, "silo"));
        silo.Follow();
        await using PostgresSweeps read = await OpenAsync(StoreOpening.Existing, "reader");

        string id = (await operate.SubmitAsync(Samples.Sweep("ring"), Samples.Trials(6), None)).SweepId;
        SweepSpec limited = Samples.Sweep("ring") with
        {
            Limits = new SweepLimits { Slots = 9 }, Resolved = new JsonObject { ["limits"] = new JsonObject { ["slots"] = 9 } },
        };
        Assert.Equal(6, (await operate.SubmitAsync(limited, Samples.Trials(6), None)).Existing);
        await operate.PauseAsync(id, None);
        await operate.ResumeAsync(id, None);
        IReadOnlyList<Lease> leases = await silo.LeaseAsync(new LeaseRequest("a", 3), None);
        Assert.Equal(
            [HeartbeatAnswer.Renewed],
            await silo.HeartbeatAsync("a", [new LeaseProgress(id, leases[0].Trial.Id, leases[0].FencingToken, "train", 0.5, 0.1)], None));
        Assert.Equal(ReportAnswer.Accepted, await silo.CompleteAsync(leases[0], Samples.Result(), None));
        Assert.Equal(ReportAnswer.Accepted, await silo.FailAsync(leases[1], new AttemptFailure(AttemptOutcome.Failed, "NaN"), None));
        Assert.Equal(ReportAnswer.Accepted, await silo.ReleaseAsync(leases[2], AttemptOutcome.Preempted, None));
        Assert.Equal((1, 5), ((await read.FindAsync("ring", None))!.Completed, (await read.FindAsync("ring", None))!.Queued));
        await foreach (CompletedTrial completed in read.CompletedAsync(id, null, None))
            Assert.Equal(-1.5, completed.Result.Metrics["log_likelihood"].Value);
        Assert.Equal(0, await operate.RetryAsync(id, [leases[0].Trial.Id, "none"], None));
        Assert.Equal(1, await operate.DiscardAsync(id, [leases[0].Trial.Id], None));
        await operate.UnquarantineAsync("a", None);
        await operate.NoteAsync(id, SweepNote.Of("for the paper", ["paper"]), None);
        Assert.Equal("for the paper", (await read.FindAsync(id, None))!.Note!.Text);
        await operate.CancelAsync(id, None);

        // A race's look is judged by the silos.
        (SweepSpec race, TrialSpec[] trials) = Samples.Real("race", seeds: "{looks: [2, 3]}", more: "race: {futility: false}\n");
        await operate.SubmitAsync(race, trials.Select(t => new PlannedTrial(t, 1)), None);
        foreach (Lease lease in await silo.LeaseAsync(new LeaseRequest("a", 99), None))
            Assert.Equal(ReportAnswer.Accepted, await silo.CompleteAsync(lease, Samples.Result(), None));
        Assert.Single(await read.LooksAsync(race.Id, None));
        Assert.Equal((4, 0), ((await read.FindAsync(race.Id, None))!.Queued, (await read.FindAsync(race.Id, None))!.Held));
        await operate.DeleteAsync(race.Id, None);

        // Whoever holds the cluster's key can do to a sweep what a silo can.
        ClusterKey key = Assert.Single(await ClusterTables.KeysAsync(Url("silo"), None));
        ClusterKey operators = Assert.Single(await ClusterTables.KeysAsync(Url("operator"), None));
        Assert.Equal((key.ClusterId, Convert.ToHexString(key.Pkcs12)), (operators.ClusterId, Convert.ToHexString(operators.Pkcs12)));
        await MayNotAsync(() => ClusterTables.KeysAsync(Url("reader"), None));
        await MayNotAsync(() => ClusterTables.RotateAsync(Url("operator"), None));
        await MayNotAsync(() => ClusterTables.DropOldAsync(Url("silo"), None));
        await MayNotAsync(() => read.Store.WriteAsync(durable: false, work => Silos.FindAsync(work, "r", 0), None));
        await MayNotAsync(() => read.SubmitAsync(Samples.Sweep("other"), Samples.Trials(1), None));
        OperatorRequest[] all =
        [
            OperatorRequest.Pause(id), OperatorRequest.Resume(id), OperatorRequest.Cancel(id), OperatorRequest.Cancel(id, [leases[0].Trial.Id]),
                OperatorRequest.Retry(id),
            OperatorRequest.Discard(id, [leases[0].Trial.Id]), OperatorRequest.Unquarantine("a"), OperatorRequest.Delete(id),
            OperatorRequest.Annotate(id, SweepNote.Of("for the paper", null)),
        ];
        Assert.Equal(Enum.GetValues<OperatorVerb>(), all.Select(r => r.Verb).Distinct());
        int before = (await read.RequestsAsync(id, 100, None)).Count;
        foreach (OperatorRequest request in all)
        {
            await MayNotAsync(() => read.RequestAsync(request, TimeSpan.Zero, None));
            await MayNotAsync(() => silo.RequestAsync(request, TimeSpan.Zero, None));
        }

        IReadOnlyList<RequestRecord> log = await read.RequestsAsync(id, 100, None);
        Assert.Equal(before, log.Count);
        Assert.All(log, r => Assert.Equal($"{_schema}_operator", r.Who));

        // An operator asks; it writes no trial, and not in another's name.
        foreach (string sql in new[]
        {
            "UPDATE trials SET state = 4", "UPDATE sweeps SET paused = true", "UPDATE attempts SET charged = false", "DELETE FROM results",
                "UPDATE silos SET quarantined = NULL",
            "INSERT INTO requests (id, verb, who) VALUES ('x', 0, 'somebody')", "UPDATE requests SET done = NULL", "DELETE FROM requests", "DELETE FROM sweeps",
            "DELETE FROM looks", "UPDATE sweeps SET look = 0",
        })
            await DeniedAsync("operator", sql);
        Assert.Equal(6, await operate.DeleteAsync(id, None));
        Assert.Null(await read.FindAsync(id, None));
        await DeniedAsync("silo", "INSERT INTO requests (id, verb) VALUES ('x', 0)");
        await DeniedAsync("silo", "UPDATE requests SET verb = 1");
        await MayNotAsync(() => silo.SubmitAsync(Samples.Sweep("other"), Samples.Trials(1), None));
    }

    [Fact]
    public async Task Views_WhenATrialIsComplete_ShowItsCurvesBitForBit()
    {
        await using OrleansCoordinator coordinator = cluster.Serve(_schema, await OpenAsync(StoreOpening.Create));
        await coordinator.SubmitAsync(Samples.Sweep("ring"), Samples.Trials(1), None);
        Lease lease = Assert.Single(await coordinator.LeaseAsync(new LeaseRequest("a", 1), None));
        float[] curve =
        [
            0, -0f, 1, -1, 1.5f, MathF.PI, float.Epsilon, -float.Epsilon, 1e-40f, float.MaxValue, float.MinValue, 1.17549435e-38f,
            float.NaN, float.PositiveInfinity, float.NegativeInfinity, 16777217, -123456.789f,
        ];
        TrialResult result = Samples.Result() with
        {
            Curves = new Dictionary<string, float[]>(StringComparer.Ordinal) { ["log_likelihood"] = curve, ["empty"] = [] },
        };
        await coordinator.CompleteAsync(lease, result, None);

        await using var connection = new NpgsqlConnection(PostgresUrl.Parse(server.Url("public")).Settings.ConnectionString);
        await connection.OpenAsync(None);
        await using (var command = new NpgsqlCommand(
            $"SELECT index, value, sweep, axes ->> 'dataset' FROM {Quoted}.curve_points WHERE curve = 'log_likelihood' ORDER BY index", connection))
        {
            await using NpgsqlDataReader rows = await command.ExecuteReaderAsync(None);
            foreach (float expected in curve)
            {
                Assert.True(await rows.ReadAsync(None));
                Assert.Equal(float.IsNaN(expected) ? float.NaN : expected, rows.GetFloat(1));
                Assert.Equal(float.IsNegative(expected) && !float.IsNaN(expected), float.IsNegative(rows.GetFloat(1)) && !float.IsNaN(expected));
                Assert.Equal(("ring", "ring8"), (rows.GetString(2), rows.GetString(3)));
            }

            Assert.False(await rows.ReadAsync(None));
        }

        Assert.Equal(-1.5, await server.ScalarAsync($"SELECT value FROM {Quoted}.trial_metrics WHERE metric = 'log_likelihood' AND seed = 0"));
    }

    private async Task DeniedAsync(string role, string sql)
    {
        await using var connection = new NpgsqlConnection(Url(role).Settings.ConnectionString);
        await connection.OpenAsync(None);
        await using var command = new NpgsqlCommand(sql, connection);
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege,
            (await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync(None))).SqlState);
    }

    private static async Task MayNotAsync(Func<Task> act) =>
        Assert.Contains("may not", (await Assert.ThrowsAsync<StoreException>(act)).Message, StringComparison.Ordinal);

    private Task<StoreException> RefusedAsync(StoreOpening opening) => Assert.ThrowsAsync<StoreException>(() => OpenAsync(opening));

    private Task<PostgresSweeps> OpenAsync(StoreOpening opening, string? role = null) => PostgresSweeps.OpenAsync(Url(role), TimeProvider.System, opening);

    private PostgresUrl Url(string? role) =>
        PostgresUrl.Parse(server.Url(Uri.EscapeDataString(_schema), Uri.EscapeDataString(role is null ? "postgres" : $"{_schema}_{role}")));
}
