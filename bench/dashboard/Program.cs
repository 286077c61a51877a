using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Npgsql;
using Sweep.Bench.Cluster;
using Sweep.Bench.Dashboard;
using Sweep.Grains.Coordination.Sql.Postgres;
using Sweep.Grains.Coordination.Sql.Sqlite;
using Sweep.Tests.Client.Dashboard;

// dotnet run -c Release --project bench/dashboard -- [--postgres] [--seconds=60]: how long a page waits that opens a sweep of 100,000 trials, and what a page costs that stays open.
bool postgres = args.Contains("--postgres", StringComparer.Ordinal);
int seconds = args.Select(a => a.StartsWith("--seconds=", StringComparison.Ordinal) ? int.Parse(a["--seconds=".Length..], CultureInfo.InvariantCulture) : (int?)null).FirstOrDefault(s => s is not null) ?? 60;
DirectoryInfo folder = Directory.CreateTempSubdirectory("sweep-bench-dashboard-");
await using ScratchPostgres? server = postgres ? await ScratchPostgres.StartAsync(profile: false) : null;
try
{
    Stopwatch watch = Stopwatch.StartNew();
    string[] place;
    if (server is null)
    {
        string file = Path.Combine(folder.FullName, "sweep.db");
        await using SqliteCoordinator store = SqliteCoordinator.Open(file, TimeProvider.System);
        await using var connection = new SqliteConnection($"Data Source={file};Pooling=false");
        await connection.OpenAsync();
        await LargeSweep.FillAsync(store, connection, TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
        place = ["--out", folder.FullName];
    }
    else
    {
        PostgresUrl url = PostgresUrl.Parse(server.Url);
        await using PostgresCoordinator store = await PostgresCoordinator.OpenAsync(url, TimeProvider.System, StoreOpening.Create);
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder { Host = "127.0.0.1", Port = new Uri(server.Url).Port, Username = "postgres", Database = "postgres", SearchPath = "sweep" }.ConnectionString);
        await connection.OpenAsync();
        await LargeSweep.FillAsync(store, connection, TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
        await using var analyze = new NpgsqlCommand("ANALYZE", connection);
        await analyze.ExecuteNonQueryAsync();
        place = ["--store", server.Url];
    }

    Console.WriteLine($"{LargeSweep.Trials:N0} trials in {(postgres ? "PostgreSQL" : "SQLite")}, made in {watch.Elapsed.TotalSeconds:0} s; {Environment.ProcessorCount} cores");
    await using ServedDashboard served = await ServedDashboard.StartAsync(place);
    string id;
    using (JsonDocument sweeps = JsonDocument.Parse(await served.Client.GetByteArrayAsync(new Uri("api/sweeps", UriKind.Relative))))
        id = sweeps.RootElement.GetProperty("sweeps")[0].GetProperty("id").GetString()!;
    string sweep = $"api/sweeps/{id}";
    Console.WriteLine($"{"",-58} {"first ms",9} {"then ms",8} {"kB",7}");
    foreach (string path in new[]
    {
        "api/sweeps", sweep, $"{sweep}/grid", $"{sweep}/trials?take=100", $"{sweep}/trials?take=500&skip=99000", $"{sweep}/trials?state=completed&sort=log_likelihood&desc=true",
        $"{sweep}/trials?where.width=16&where.dataset=ring8&skip=2000", $"{sweep}/trials?state=running", $"{sweep}/points?metrics=log_likelihood,energy_distance", $"{sweep}/failures", "api/silos",
        $"{sweep}/report",
    })
    {
        (double first, int bytes, int status) = await served.MeasureAsync(path);
        double[] then = new double[5];
        for (int i = 0; i < then.Length; i++)
            then[i] = (await served.MeasureAsync(path)).Milliseconds;
        Array.Sort(then);
        Console.WriteLine($"{path.Replace(id, "ID", StringComparison.Ordinal),-58} {first,9:0} {then[2],8:0} {bytes / 1024.0,7:0.0}{(status == 200 ? "" : $"  ({status})")}");
    }

    await served.WatchAsync(sweep, id, TimeSpan.FromSeconds(seconds));
}
finally
{
    folder.Delete(recursive: true);
}
