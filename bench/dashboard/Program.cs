using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Npgsql;
using Sweep.Bench.Cluster;
using Sweep.Bench.Dashboard;
using Sweep.Grains.Coordination;
using Sweep.Grains.Storage.Postgres;
using Sweep.Grains.Storage.Sqlite;
using Sweep.Grains.Specs;
using Sweep.Infra;
using Sweep.Silo;
using Sweep.Tests.Client.Dashboard;

// dotnet run -c Release --project bench/dashboard -- [--postgres] [--seconds=60]: how long a page waits that opens a sweep of 100,000 trials, and what a page
//     costs that stays open.
// dotnet run -c Release --project bench/dashboard -- --live=600 [--rate=20] [--postgres]: whether page or server grow while trials complete, so many a second.
// dotnet run -c Release --project bench/dashboard -- --updates=1000: how long a running curve's point takes from the worker to the pages that draw it.
// dotnet run -c Release --project bench/dashboard -- --pictures=URL --folder=FOLDER: pictures of a page, light and dark (docs/images/retake).
if (args.FirstOrDefault(a => a.StartsWith("--pictures=", StringComparison.Ordinal)) is { } pictures)
{
    await using Browsing? camera = await Browsing.StartAsync();
    await (camera?.PictureAsync(new Uri(pictures["--pictures=".Length..]),
        args.First(a => a.StartsWith("--folder=", StringComparison.Ordinal))["--folder=".Length..]) ?? Task.CompletedTask);
    return;
}

if (Option("--updates=") is { } updates)
{
    await using ScratchPostgres cluster = await ScratchPostgres.StartAsync(_ => { }, _ => []);
    await using Browsing? watching = await Browsing.StartAsync();
    await (watching is null ? Task.CompletedTask : LiveUpdates.RunAsync(cluster.Url, watching, updates));
    return;
}

bool postgres = args.Contains("--postgres", StringComparer.Ordinal);
int seconds = Option("--seconds=") ?? 60;
int? live = Option("--live=");
DirectoryInfo folder = Directory.CreateTempSubdirectory("sweep-bench-dashboard-");
await using ScratchPostgres? server = postgres ? await ScratchPostgres.StartAsync(_ => { }, _ => ["max_connections=300", "shared_buffers=512MB"]) : null;
try
{
    Stopwatch watch = Stopwatch.StartNew();
    string[] place;
    if (server is null)
    {
        string file = Path.Combine(folder.FullName, "sweep.db");
        await using SqliteSweeps store = SqliteSweeps.Open(file, TimeProvider.System);
        await using var connection = new SqliteConnection($"Data Source={file};Pooling=false");
        await connection.OpenAsync();
        await FillAsync(store, connection);
        place = ["--out", folder.FullName];
    }
    else
    {
        PostgresUrl url = PostgresUrl.Parse(server.Url);
        await using PostgresSweeps store = await PostgresSweeps.OpenAsync(url, TimeProvider.System, StoreOpening.Create);
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder { Host = "127.0.0.1", Port = new Uri(server.Url).Port,
            Username = "postgres", Database = "postgres", SearchPath = "sweep" }.ConnectionString);
        await connection.OpenAsync();
        await FillAsync(store, connection);
        await using var analyze = new NpgsqlCommand("ANALYZE", connection);
        await analyze.ExecuteNonQueryAsync();
        place = ["--store", server.Url];
    }

    Console.WriteLine(
        $"{LargeSweep.Trials:N0} trials in {(postgres ? "PostgreSQL" : "SQLite")}, made in {watch.Elapsed.TotalSeconds:0} s; {Environment.ProcessorCount} "
        + $"cores");
    await using ServedDashboard served = await ServedDashboard.StartAsync(place);
    string id;
    using (JsonDocument sweeps = JsonDocument.Parse(await served.Client.GetByteArrayAsync(new Uri("api/sweeps", UriKind.Relative))))
        id = sweeps.RootElement.GetProperty("sweeps")[0].GetProperty("id").GetString()!;
    string sweep = $"api/sweeps/{id}";
    await using Browsing? browsing = await Browsing.StartAsync();
    if (live is not null)
    {
        await WatchLiveAsync(served, browsing, $"sweeps/{id}");
        return;
    }

    if (browsing is not null)
    {
        Uri address = served.Client.BaseAddress!;
        await browsing.OpenAsync(address, $"sweeps/{id}", ".glance-part.far .big", 10);
        await browsing.OpenAsync(address, $"sweeps/{id}", ".heat-table td", 10);
        await browsing.OpenAsync(address, $"sweeps/{id}?tab=trials", ".vt-row:not(.pending) a", 10);
        await browsing.ScrollAsync(address, $"sweeps/{id}?tab=trials");
    }

    Console.WriteLine($"{"",-58} {"first ms",9} {"then ms",8} {"kB",7}");
    foreach (string path in new[]
    {
        "api/sweeps", sweep, $"{sweep}/grid", $"{sweep}/trials?take=100", $"{sweep}/trials?take=500&skip=99000",
        $"{sweep}/trials?state=completed&sort=log_likelihood&desc=true",
        $"{sweep}/trials?where.width=16&where.dataset=ring8&skip=2000", $"{sweep}/trials?state=running",
        $"{sweep}/points?metrics=log_likelihood,energy_distance", $"{sweep}/failures", "api/silos",
        $"{sweep}/report?form=brief",
    })
    {
        (double first, int bytes, int status) = await served.MeasureAsync(path);
        double[] then = new double[5];
        for (int i = 0; i < then.Length; i++)
            then[i] = (await served.MeasureAsync(path)).Milliseconds;
        Array.Sort(then);
        Console.WriteLine(
            $"{path.Replace(id, "ID", StringComparison.Ordinal),-58} {first,9:0} {then[2],8:0} {bytes / 1024.0,7:0.0}{(status == 200 ? "" : $"  ({status})")}");
    }

    await served.WatchAsync(sweep, id, TimeSpan.FromSeconds(seconds));
    foreach (string tab in browsing is null ? [] : new[] { "", "?tab=curves", "?tab=comparisons", "?tab=parameters" })
        await browsing!.StandStillAsync(served.Client.BaseAddress!, $"sweeps/{id}{tab}",
            tab == "?tab=parameters" ? ".parallel canvas" : ".report-part .chart canvas");
}
finally
{
    folder.Delete(recursive: true);
}

int? Option(string name) =>
    args.Where(a => a.StartsWith(name, StringComparison.Ordinal)).Select(a => (int?)int.Parse(a[name.Length..], CultureInfo.InvariantCulture)).FirstOrDefault();

// For the live watch nothing is done yet: silos will.
async Task FillAsync(ISweepOperations store, DbConnection connection)
{
    if (live is null)
    {
        await LargeSweep.FillAsync(store, connection, TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
        return;
    }

    SweepSpec spec = LargeSweep.Spec();
    await store.SubmitAsync(spec, TrialExpansion.Expand(spec).Select(t => new PlannedTrial(t, TrialCost.Estimate(t))), CancellationToken.None);
}

async Task WatchLiveAsync(ServedDashboard served, Browsing? browsing, string path)
{
    await using BenchSilo? silo = server is null ? null : await BenchSilo.OpenAsync(PostgresUrl.Parse(server.Url), "busy");
    await using EmbeddedBenchSilo? embedded = server is null ? await EmbeddedBenchSilo.OpenAsync(Path.Combine(folder.FullName, "sweep.db")) : null;
    using var stop = new CancellationTokenSource();
    Task work = new BusySilos(silo?.Coordinator ?? embedded!.Coordinator, Option("--rate=") ?? 20).WorkAsync(stop.Token);
    if (browsing is not null)
        await browsing.StayAsync(served, path, TimeSpan.FromSeconds(live!.Value));
    await stop.CancelAsync();
    await work;
}
