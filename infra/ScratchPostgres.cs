using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Sweep.Infra;

/// <summary>
/// A PostgreSQL server for one test run or benchmark: a new cluster in a temporary folder, a free port and a local socket, started by
/// <c>scratch-postgres.sh</c>, which holds the other end of a pipe, stops the server and removes the folder when this process has ended, however it ends.
/// </summary>
public sealed class ScratchPostgres : IAsyncDisposable
{
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(30);

    private readonly Process _watchdog;

    private ScratchPostgres(string folder, int port, Process watchdog) => (Folder, Port, _watchdog) = (folder, port, watchdog);

    /// <summary>The newest of Debian's servers, or the one on the PATH; null when there is none.</summary>
    public static string? Binaries { get; } = FindBinaries();

    /// <summary>The repository's.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Of the local socket, of the data and of what <c>prepare</c> put there.</summary>
    public string Folder { get; }

    public int Port { get; }

    /// <summary>Its database <c>postgres</c>, as its superuser.</summary>
    public string Url => $"postgresql://postgres@127.0.0.1:{Port}/postgres";

    /// <param name="prepare">Puts into the folder what settings name.</param>
    /// <param name="settings"><c>name=value</c> each, of the folder.</param>
    public static async Task<ScratchPostgres> StartAsync(Action<string> prepare, Func<string, IEnumerable<string>> settings)
    {
        string binaries = Binaries ?? throw new InvalidOperationException("no PostgreSQL server here: apt-get install postgresql");
        string folder = Directory.CreateTempSubdirectory("sweep-postgres-").FullName;
        int port = FreePort();
        prepare(folder);
        var start = new ProcessStartInfo(
            Path.Combine(Root, "infra", "scratch-postgres.sh"),
            [folder, port.ToString(CultureInfo.InvariantCulture), binaries, .. settings(folder).SelectMany(s => new[] { "-c", s })])
        {
            UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true,
        };
        Process watchdog = Process.Start(start)!;
        await ReadyAsync(watchdog);
        return new ScratchPostgres(folder, port, watchdog);
    }

    /// <summary>Runs SQL as the superuser; the first value of the first row.</summary>
    public async Task<object?> ScalarAsync(string sql)
    {
        await using var connection = new NpgsqlConnection($"Host=127.0.0.1;Port={Port};Username=postgres;Database=postgres;Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    /// <summary>The server dies at once, as in a crash, and starts again: connections break, and what was not yet on the disk is lost.</summary>
    public async Task CrashAndRestartAsync()
    {
        await _watchdog.StandardInput.WriteLineAsync("restart");
        await _watchdog.StandardInput.FlushAsync();
        await ReadyAsync(_watchdog);
    }

    public async ValueTask DisposeAsync()
    {
        _watchdog.StandardInput.Close();
        await _watchdog.WaitForExitAsync().WaitAsync(StopWithin);
        _watchdog.Dispose();
    }

    private static async Task ReadyAsync(Process watchdog)
    {
        List<string> said = [];
        while (await watchdog.StandardOutput.ReadLineAsync() is { } line && line != "ready")
        {
            said.Add(line);
            if (line == "failed")
                throw new InvalidOperationException($"PostgreSQL did not start: {string.Join('\n', said)}");
        }

        if (watchdog.HasExited)
            throw new InvalidOperationException($"PostgreSQL did not start: {string.Join('\n', said)}");
    }

    private static string? FindBinaries()
    {
        IEnumerable<string> debian = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql")
                .OrderByDescending(d => int.TryParse(Path.GetFileName(d), CultureInfo.InvariantCulture, out int version) ? version : 0)
                .Select(d => Path.Combine(d, "bin"))
            : [];
        string[] path = (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(':');
        return debian.Concat(path).FirstOrDefault(f => File.Exists(Path.Combine(f, "initdb")) && File.Exists(Path.Combine(f, "postgres")));
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
