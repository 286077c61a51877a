using System.Security.Cryptography.X509Certificates;

namespace Sweep.Grains.Storage.Postgres;

/// <summary>
/// The keys by which members of a cluster know each other: usually one, two while it is being changed. The oldest is shown, since everybody knows it; any is
/// accepted. What is replaced holds for the connections that are made from then on. Thread-safe.
/// </summary>
public sealed class KeyRing
{
    private volatile X509Certificate2[] _certificates;

    /// <param name="keys">Of one cluster, the oldest first; at least one.</param>
    public KeyRing(params IReadOnlyList<ClusterKey> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        ClusterId = keys[0].ClusterId;
        _certificates = Open(keys);
    }

    public string ClusterId { get; }

    /// <summary>What this member shows.</summary>
    public X509Certificate2 Shown => _certificates[0];

    public bool Accepts(X509Certificate2? other) => other is not null && Array.Exists(_certificates, mine => ClusterKey.IsSame(mine, other));

    /// <summary>Those before stay open: a handshake may be under way with one.</summary>
    /// <exception cref="ArgumentException">They are another cluster's.</exception>
    public void Replace(IReadOnlyList<ClusterKey> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        if (keys[0].ClusterId != ClusterId)
            throw new ArgumentException($"keys of cluster {keys[0].ClusterId}; allowed: of {ClusterId}", nameof(keys));
        _certificates = Open(keys);
    }

    private static X509Certificate2[] Open(IReadOnlyList<ClusterKey> keys) => [.. keys.Select(key => key.Open())];
}
