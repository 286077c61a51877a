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

    public static string Root { get; } = FindRoot();

    public string Url => $"postgresql://postgres@127.0.0.1:{_port}/postgres";

    public static async Task<ScratchPostgres> StartAsync(bool profile)
    {
        string binaries = Directory.GetDirectories("/usr/lib/postgresql").OrderByDescending(d => d, StringComparer.Ordinal).Select(d => Path.Combine(d, "bin"))
            .First(d => File.Exists(Path.Combine(d, "initdb")));
        int port = FreePort();
        string folder = Directory.CreateTempSubdirectory("sweep-bench-").FullName;
        var start = new ProcessStartInfo(
            Path.Combine(Root, "infra", "scratch-postgres.sh"),
            [folder, port.ToString(CultureInfo.InvariantCulture), binaries, "-c", "max_connections=300", "-c", "shared_buffers=512MB", .. profile ? ["-c", "shared_preload_libraries=pg_stat_statements", "-c", "pg_stat_statements.track=all"] : Array.Empty<string>()])
        {
            UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true,
        };
        Process watchdog = Process.Start(start)!;
        while (await watchdog.StandardOutput.ReadLineAsync() is { } line && line != "ready")
            Console.WriteLine(line);
        return new ScratchPostgres(watchdog, folder, port);
    }

    /// <summary>CPU time of the server, of its processes, and of those that have ended.</summary>
    public TimeSpan CpuTime()
    {
        string pid = File.ReadLines(Path.Combine(_folder, "data", "postmaster.pid")).First();

        // utime, stime, cutime, cstime in hundredths of a second: fields 14 to 17, of which two precede the bracket; field 4 is the parent. A live process's children are counted once, by it.
        double hundredths = Fields(pid)!.Skip(11).Take(4).Sum(f => double.Parse(f, CultureInfo.InvariantCulture));
        foreach (string process in Directory.EnumerateDirectories("/proc").Select(d => Path.GetFileName(d)).Where(name => char.IsAsciiDigit(name[0])))
        {
            if (Fields(process) is { Length: > 15 } fields && fields[1] == pid)
                hundredths += fields.Skip(11).Take(2).Sum(f => double.Parse(f, CultureInfo.InvariantCulture));
        }

        return TimeSpan.FromSeconds(hundredths / 100);
    }

    /// <summary>What each statement cost, also within functions.</summary>
    public async Task<object?> ProfileAsync() => await ScalarAsync(
        """
        SELECT string_agg(format('%s calls, each %s ms, %s pages, %s bytes of log: %s', calls, round((total_exec_time / calls)::numeric, 3), shared_blks_hit / calls,
            (wal_bytes / calls)::bigint, q), E'\n')
        FROM (SELECT *, left(regexp_replace(query, '\s+', ' ', 'g'), 100) AS q FROM pg_stat_statements WHERE calls > 100 ORDER BY total_exec_time DESC LIMIT 20) s
        """);

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

    /// <summary>From the state on; null when the process is gone.</summary>
    private static string[]? Fields(string process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/stat").Split(')')[^1].Trim().Split(' ');
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or IOException)
        {
            return null;
        }
    }

    private static string FindRoot()
    {
        string root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "Sweep.sln")))
            root = Path.GetDirectoryName(root)!;
        return root;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
