using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Npgsql;
using Sweep.Tests.Client;
using Sweep.Tests.Grains.Storage;
using Xunit;

[assembly: AssemblyFixture(typeof(PostgresServer))]

namespace Sweep.Tests.Grains.Storage;

/// <summary>
/// A PostgreSQL server of this test run's own: a new cluster in a temporary folder, a free port and a local socket, no fsync. Started when the first test asks;
/// a watchdog that holds the other end of a pipe stops and removes it when the run is over, however it ends.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private readonly Lazy<Task<Started>> _start = new(StartAsync);

    /// <summary>Why there is none on this machine; null when there is.</summary>
    public static string? Missing { get; } = FindBinaries() is null
        ? "no PostgreSQL server here: apt-get install postgresql"
        : null;

    /// <summary>A certificate that signs itself, for 127.0.0.1: what sslrootcert takes.</summary>
    public string CertificateFile => Path.Combine(Get().Folder, "server.crt");

    public int Port => Get().Port;

    /// <summary>The folder of the local socket.</summary>
    public string Folder => Get().Folder;

    public string Binaries { get; } = FindBinaries() ?? string.Empty;

    /// <summary>A URL of the server's database <c>postgres</c>, as its superuser.</summary>
    public string Url(string schema, string user = "postgres", string more = "") => $"postgresql://{user}@127.0.0.1:{Port}/postgres?schema={schema}&{more}";

    /// <summary>Runs SQL as the superuser.</summary>
    public async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(Administrator());
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Asks the superuser's connection for one value.</summary>
    public async Task<object?> ScalarAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(Administrator());
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    /// <summary>The server dies at once, as in a crash, and starts again: connections break, and what was not yet on the disk is lost.</summary>
    public async Task CrashAndRestartAsync()
    {
        Process watchdog = (await _start.Value).Watchdog;
        await watchdog.StandardInput.WriteLineAsync("restart");
        await watchdog.StandardInput.FlushAsync();
        await ReadyAsync(watchdog);
    }

    /// <summary>All of its processes stand still: connections stay, new ones are accepted by nobody, nothing is answered.</summary>
    public Task FreezeAsync() => SignalAsync("-STOP");

    /// <summary>They go on and know nothing of it.</summary>
    public Task ThawAsync() => SignalAsync("-CONT");

    private async Task SignalAsync(string signal)
    {
        string postmaster = File.ReadLines(Path.Combine(Folder, "data", "postmaster.pid")).First();
        IEnumerable<string> backends = Directory.EnumerateDirectories("/proc").Select(p => Path.GetFileName(p)!)
            .Where(p => p.All(char.IsAsciiDigit) && ParentOf(p) == postmaster);
        using Process kill = Process.Start("kill", [signal, postmaster, .. backends]);
        await kill.WaitForExitAsync();
    }

    private static string? ParentOf(string process)
    {
        try
        {
            return File.ReadLines($"/proc/{process}/status").FirstOrDefault(l => l.StartsWith("PPid:", StringComparison.Ordinal))?[5..].Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It has ended.
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_start.IsValueCreated)
            return;
        NpgsqlConnection.ClearAllPools();
        Started started = await _start.Value;
        started.Watchdog.StandardInput.Close();
        await started.Watchdog.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
        started.Watchdog.Dispose();
    }

    private string Administrator() => $"Host=127.0.0.1;Port={Port};Username=postgres;Database=postgres";

    private Started Get()
    {
        if (Missing is not null)
            Assert.Skip(Missing);
        return _start.Value.GetAwaiter().GetResult();
    }

    private static async Task<Started> StartAsync()
    {
        string binaries = FindBinaries()!;
        string folder = Directory.CreateTempSubdirectory("sweep-pg-").FullName;
        int port = FreePort();
        WriteCertificate(folder);

        string script = Path.Combine(SweepProcess.RepositoryRoot, "infra", "scratch-postgres.sh");
        string[] options =
        [
            "fsync=off", "full_page_writes=off", "max_connections=200", "deadlock_timeout=200ms",
            "ssl=on", $"ssl_cert_file={folder}/server.crt", $"ssl_key_file={folder}/server.key",
        ];
        var start = new ProcessStartInfo(script, [folder, port.ToString(CultureInfo.InvariantCulture), binaries, .. options.SelectMany(o => new[] { "-c", o })])
        {
            UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true,
        };
        Process watchdog = Process.Start(start)!;
        await ReadyAsync(watchdog);
        return new Started(folder, port, watchdog);
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

    private static void WriteCertificate(string folder)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=sweep test", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using X509Certificate2 certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(2));
        File.WriteAllText(Path.Combine(folder, "server.crt"), certificate.ExportCertificatePem());
        string keyFile = Path.Combine(folder, "server.key");
        File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>The newest of Debian's servers, or the one on the PATH.</summary>
    private static string? FindBinaries()
    {
        IEnumerable<string> debian = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").OrderByDescending(d => int.TryParse(Path.GetFileName(d), out int v) ? v : 0).Select(d => Path.Combine(d, "bin"))
            : [];
        string[] path = (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(':');
        return debian.Concat(path).FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "postgres")));
    }

    private sealed record Started(string Folder, int Port, Process Watchdog);
}
