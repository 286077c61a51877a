using Sweep.Grains.Coordination;

namespace Sweep.Grains.Orleans;

/// <summary>What the quick way has decided.</summary>
/// <param name="Accepted">For each result whether it is committed; if not, nothing is known of it.</param>
/// <param name="Leases">Leases given; none means that the general way may find some.</param>
internal sealed record QuickAnswer(IReadOnlyList<bool> Accepted, IReadOnlyList<Lease> Leases)
{
    public static QuickAnswer Undecided(int finished) => new(new bool[finished], []);
}
