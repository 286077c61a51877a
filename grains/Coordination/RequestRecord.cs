namespace Sweep.Grains.Coordination;

/// <summary>A request as the store has it.</summary>
/// <param name="Who">Whose database rights it was written with; of a run's folder, the user.</param>
/// <param name="Asked">By the store's clock.</param>
public sealed record RequestRecord(OperatorRequest Request, string Who, DateTimeOffset Asked)
{
    /// <summary>When it was carried out; null while it waits.</summary>
    public DateTimeOffset? Done { get; init; }

    /// <summary>How many trials it changed, or silos; of pause, resume and note, 0 where it was so already.</summary>
    public int Count { get; init; }

    /// <summary>What its sweep was called; it may be gone.</summary>
    public string? SweepName { get; init; }

    /// <summary>Why nothing was done.</summary>
    public string? Refused { get; init; }
}
