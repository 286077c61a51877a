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

    /// <summary>The stored specs of the trials that begin and of those that were wanted, by trial.</summary>
    public Dictionary<long, StoredSpec> Specs { get; } = [];
}

/// <summary>A trial's spec as its row has it, and what the row's digest says of it.</summary>
internal readonly record struct StoredSpec(string Spec, byte[] Digest);
