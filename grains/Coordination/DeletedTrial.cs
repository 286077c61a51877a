namespace Sweep.Grains.Coordination;

/// <summary>A trial whose sweep was deleted.</summary>
/// <param name="Deleted">ms since 1970, by the store's clock.</param>
public sealed record DeletedTrial(long Deleted, string Id);
