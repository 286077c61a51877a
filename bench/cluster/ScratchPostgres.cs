using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Sweep.Bench.Cluster;

/// <summary>A server for one run, started by <c>infra/scratch-postgres.sh</c> and removed when this process ends.</summary>
internal sealed class ScratchPostgres : IAsyncDisposable
{
    private readonly Process _watchdog;
    private readonly int _port;

    private readonly string _folder;

    private ScratchPostgres(Process watchdog, string folder, int port)
    {
        _watchdog = watchdog;
        _folder = folder;
        _port = port;
    }

    public string Url => $"postgresql://postgres@127.0.0.1:{_port}/postgres";

    public static async Task<ScratchPostgres> StartAsync(bool profile)
    {
        string root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "Sweep.sln")))
            root = Path.GetDirectoryName(root)!;
        string binaries = Directory.GetDirectories("/usr/lib/postgresql").OrderByDescending(d => d, StringComparer.Ordinal).Select(d => Path.Combine(d, "bin"))
            .First(d => File.Exists(Path.Combine(d, "initdb")));
        int port = FreePort();
        string folder = Directory.CreateTempSubdirectory("sweep-bench-").FullName;
        var start = new ProcessStartInfo(
            Path.Combine(root, "infra", "scratch-postgres.sh"),
            [folder, port.ToString(CultureInfo.InvariantCulture), binaries, "-c", "max_connections=300", "-c", "shared_buffers=512MB", .. profile ? ["-c", "shared_preload_libraries=pg_stat_statements", "-c", "pg_stat_statements.track=all"] : Array.Empty<string>()])
        {
            UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true,
        };
        Process watchdog = Process.Start(start)!;
        while (await watchdog.StandardOutput.ReadLineAsync() is { } line && line != "ready")
            Console.WriteLine(line);
        return new ScratchPostgres(watchdog, folder, port);
    }

    /// <summary>CPU time of the server and of all its processes that have ended.</summary>
    public TimeSpan CpuTime()
    {
        string pid = File.ReadLines(Path.Combine(_folder, "data", "postmaster.pid")).First();
        string[] stat = File.ReadAllText($"/proc/{pid}/stat").Split(')')[^1].Trim().Split(' ');

        // utime, stime, cutime, cstime in hundredths of a second: fields 14 to 17, of which two precede the bracket.
        return TimeSpan.FromSeconds(Enumerable.Range(11, 4).Sum(i => double.Parse(stat[i], CultureInfo.InvariantCulture)) / 100);
    }

    public async Task<object?> ScalarAsync(string sql)
    {
        await using var connection = new NpgsqlConnection($"Host=127.0.0.1;Port={_port};Username=postgres;Database=postgres;Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _watchdog.StandardInput.Close();
        await _watchdog.WaitForExitAsync();
        _watchdog.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
