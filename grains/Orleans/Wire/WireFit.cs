namespace Sweep.Grains.Orleans.Wire;

/// <summary>A fit, or what to do for it.</summary>
[GenerateSerializer]
[Immutable]
[Alias("sweep.fit.1")]
public sealed record WireFit
{
    /// <summary>The fitted preprocessing as UTF-8 JSON; null: not made yet. Empty: too large to travel, make your own.</summary>
    [Id(0)]
    public byte[]? Fit { get; init; }

    /// <summary>The asker is to make it. Neither this nor a fit: somebody else makes it, ask again.</summary>
    [Id(1)]
    public bool Make { get; init; }
}
