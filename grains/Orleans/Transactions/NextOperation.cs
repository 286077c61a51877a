using Sweep.Grains.Orleans.Wire;

namespace Sweep.Grains.Orleans.Transactions;

/// <summary>
/// A silo whose results are in the same transaction asks for more. Answered with leases where nothing is unusual, so that the dispatcher would give the same;
/// with none otherwise.
/// </summary>
internal sealed class NextOperation(WireLeaseRequest wanted) : SweepOperation<WireLease[]>
{
    public WireLeaseRequest Wanted => wanted;

    public override bool Durable => false;
}
