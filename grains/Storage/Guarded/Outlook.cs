using Sweep.Grains.Sweeps;

namespace Sweep.Grains.Storage.Guarded;

/// <summary>What a sweep's grain has to know of the store beside its own trials to commit results and grant leases without asking anybody.</summary>
/// <param name="HasFailures">Whether a failure of one of the completed trials, or of their silos, is on record: quarantine has to look at them.</param>
/// <param name="Asked">Whether an operator asked for something that isn't carried out.</param>
/// <param name="FirstExpiry">When the lease ends that ends first, of any sweep; null where none stands or nobody looked.</param>
/// <param name="Silos">Those who ask and may lease, by id.</param>
/// <param name="OtherSweep">The other sweep whose turn comes first; null when no other sweep has any.</param>
internal sealed record Outlook(bool HasFailures, bool Asked, long? FirstExpiry, IReadOnlyDictionary<string, SiloState> Silos, SweepTurn? OtherSweep);
