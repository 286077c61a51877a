namespace Sweep.Grains.Orleans.Transactions;

/// <summary>Leases that have stood in no row for long are written, as with every transaction.</summary>
internal sealed class FlushOperation : SweepOperation<bool>
{
    public override bool Durable => false;
}
