using Sweep.Grains.Orleans.Wire;

namespace Sweep.Grains.Orleans.Transactions;

/// <summary>A silo takes trials.</summary>
internal sealed class TakeOperation(WireTake wanted) : SweepOperation<WireLease[]>
{
    public WireTake Wanted => wanted;

    public override bool Durable => false;
}
