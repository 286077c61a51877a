namespace Sweep.Client.Cluster;

/// <summary>Which cluster a worker without a database works for, and by which way.</summary>
/// <param name="Host">A silo's name or address.</param>
/// <param name="Port">Its port for clients.</param>
/// <param name="Key">The cluster's key.</param>
/// <param name="Name">The worker's name in the store.</param>
internal sealed record OutboundSettings(string Host, int Port, KeyFile Key, string Name)
{
    /// <summary>Reads the key again, which may have been changed since; null where it can't be read now.</summary>
    public Func<KeyFile?> ReadKey { get; init; } = () => null;

    /// <summary>Told, in a line each, of what goes wrong; null tells nobody.</summary>
    public Action<string>? Warning { get; init; }

    /// <summary>As the silos were started with, where that is not as usual: in tests.</summary>
    public string? ClusterId { get; init; }

    public string Gateway => Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}
