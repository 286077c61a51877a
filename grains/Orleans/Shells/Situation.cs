using Sweep.Grains.Storage;

namespace Sweep.Grains.Orleans.Shells;

/// <summary>What the dispatcher sees of the store.</summary>
/// <param name="Now">The store's clock, ms since 1970.</param>
/// <param name="Silos">Those who ask, by id.</param>
/// <param name="Open">Sweeps that are not paused and have queued trials, oldest first.</param>
/// <param name="Behind">Sweeps with leases that have expired, or of which an operator asked something; null: something was asked of no sweep.</param>
internal sealed record Situation(long Now, IReadOnlyDictionary<string, SiloState> Silos, IReadOnlyList<string> Open, IReadOnlyList<string?> Behind);
