using Sweep.Grains.Orleans.Wire;

namespace Sweep.Grains.Orleans.Ledger;

/// <summary>A silo takes trials.</summary>
internal sealed class TakeOperation(WireTake wanted) : LedgerOperation<WireLease[]>
{
    public WireTake Wanted => wanted;

    public override bool Durable => false;
}
