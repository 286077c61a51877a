using System.Security.Cryptography;
using System.Text.Json;
using Sweep.Grains.Storage.Postgres;

namespace Sweep.Client.Cluster;

/// <summary>A cluster's keys in a file, for workers that can't reach its database: whoever has it can do to the cluster what a silo can.</summary>
/// <param name="Store">The store's key in its silos.</param>
/// <param name="Cluster">The store's identity.</param>
/// <param name="Keys">PKCS#12 without a password, the oldest first.</param>
internal sealed record KeyFile(string Store, string Cluster, IReadOnlyList<byte[]> Keys)
{
    private const UnixFileMode OwnersOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const int MaxBytes = 1 << 16;

    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true,
        RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true };

    /// <summary>Of a store's cluster.</summary>
    public static KeyFile Of(PostgresUrl store, IReadOnlyList<ClusterKey> keys) => new(store.Schema, keys[0].ClusterId, [.. keys.Select(k => k.Pkcs12)]);

    /// <summary>Reads a file.</summary>
    /// <exception cref="FormatException">It isn't there, is none, or others than its owner may read it.</exception>
    public static KeyFile Read(string path)
    {
        const string Allowed = "allowed: a file that sweep setup --export-key has written";
        try
        {
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~(OwnersOnly | UnixFileMode.UserExecute)) != UnixFileMode.None)
                throw new FormatException("others may read or write it; allowed: its owner alone (chmod 600)");
            if (new FileInfo(path).Length is var length and > MaxBytes)
                throw new FormatException($"it has {length} bytes; {Allowed}");
            KeyFile read = JsonSerializer.Deserialize<KeyFile>(File.ReadAllBytes(path), Json) ?? throw new FormatException($"it holds no key; {Allowed}");
            _ = read.Open();
            return read;
        }
        catch (Exception e) when (e is JsonException or CryptographicException or ArgumentException)
        {
            throw new FormatException($"it holds no key; {Allowed}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FormatException($"it can't be read ({e.Message}); {Allowed}", e);
        }
    }

    /// <summary>Writes it, for its owner alone, in place of what is there.</summary>
    public void Write(string path)
    {
        string beside = $"{path}.{Environment.ProcessId}";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnersOnly;
        try
        {
            using (var file = new FileStream(beside, options))
                JsonSerializer.Serialize(file, this, Json);
            File.Move(beside, path, overwrite: true);
        }
        catch
        {
            File.Delete(beside);
            throw;
        }
    }

    /// <summary>The keys, for connections.</summary>
    public KeyRing Open() => new([.. Keys.Select(key => new ClusterKey(Cluster, key))]);

    /// <summary>The same, for a ring that is in use.</summary>
    public IReadOnlyList<ClusterKey> ToKeys() => [.. Keys.Select(key => new ClusterKey(Cluster, key))];
}
