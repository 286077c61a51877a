using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Npgsql;
using Sweep.Infra;
using Sweep.Tests.Grains.Storage;
using Xunit;

[assembly: AssemblyFixture(typeof(PostgresServer))]

namespace Sweep.Tests.Grains.Storage;

/// <summary>
/// A PostgreSQL server of this test run's own, without fsync and with a certificate. Started when the first test asks.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private readonly Lazy<Task<ScratchPostgres>> _start = new(StartAsync);

    /// <summary>Why there is none on this machine; null when there is.</summary>
    public static string? Missing { get; } = ScratchPostgres.Binaries is null
        ? "no PostgreSQL server here: apt-get install postgresql"
        : null;

    /// <summary>A certificate that signs itself, for 127.0.0.1: what sslrootcert takes.</summary>
    public string CertificateFile => Path.Combine(Get().Folder, "server.crt");

    public int Port => Get().Port;

    /// <summary>The folder of the local socket.</summary>
    public string Folder => Get().Folder;

    public string Binaries { get; } = ScratchPostgres.Binaries ?? string.Empty;

    /// <summary>A URL of the server's database <c>postgres</c>, as its superuser.</summary>
    public string Url(string schema, string user = "postgres", string more = "") => $"postgresql://{user}@127.0.0.1:{Port}/postgres?schema={schema}&{more}";

    /// <summary>Runs SQL as the superuser.</summary>
    public Task ExecuteAsync(string sql) => Get().ScalarAsync(sql);

    /// <summary>Asks the superuser's connection for one value.</summary>
    public Task<object?> ScalarAsync(string sql) => Get().ScalarAsync(sql);

    /// <summary>The server dies at once, as in a crash, and starts again: connections break, and what was not yet on the disk is lost.</summary>
    public Task CrashAndRestartAsync() => Get().CrashAndRestartAsync();

    /// <summary>All of its processes stall: connections stay, new ones are accepted by nobody, nothing is answered.</summary>
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
        await (await _start.Value).DisposeAsync();
    }

    private ScratchPostgres Get()
    {
        if (Missing is not null)
            Assert.Skip(Missing);
        return _start.Value.GetAwaiter().GetResult();
    }

    private static Task<ScratchPostgres> StartAsync() => ScratchPostgres.StartAsync(WriteCertificate, folder =>
    [
        "fsync=off", "full_page_writes=off", "max_connections=200", "deadlock_timeout=200ms",
        "ssl=on", $"ssl_cert_file={folder}/server.crt", $"ssl_key_file={folder}/server.key",
    ]);

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
}
