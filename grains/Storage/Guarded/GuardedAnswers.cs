namespace Sweep.Grains.Storage.Guarded;

/// <summary>What the store says to <see cref="GuardedWrites"/>.</summary>
internal sealed class GuardedAnswers
{
    public static readonly GuardedAnswers None = new();

    /// <summary>Whether the sweep is paused; known where leases were renewed.</summary>
    public bool Paused { get; set; }

    /// <summary>The renewed trials that are to be cancelled.</summary>
    public HashSet<long> Cancelling { get; } = [];

    /// <summary>Completed trials for which, or for whose silos, a failure is on record: quarantine has to look at them.</summary>
    public HashSet<long> WithFailures { get; } = [];

    /// <summary>The stored specs of the trials that begin, by trial.</summary>
    public Dictionary<long, (string Spec, byte[] Digest)> Begun { get; } = [];
}
