using Sweep.Grains.Sweeps;

namespace Sweep.Grains.Orleans.Ledger;

/// <summary>What a sweep's grain has to know of the store beside its own trials to commit results and grant leases without asking anybody.</summary>
/// <param name="HasFailures">Whether a failure of one of the completed trials, or of their silos, is on record: quarantine has to look at them.</param>
/// <param name="Paused">Whether the sweep is.</param>
/// <param name="MayLease">False where the dispatcher has something to decide: some lease has expired, or an operator asked for something.</param>
/// <param name="Silos">Those who ask and may lease, by id.</param>
/// <param name="OtherSweep">The other sweep whose turn comes first; null when no other sweep has any.</param>
internal sealed record Outlook(bool HasFailures, bool Paused, bool MayLease, IReadOnlyDictionary<string, SiloState> Silos, SweepTurn? OtherSweep);
