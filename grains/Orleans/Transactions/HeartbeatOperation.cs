using Sweep.Grains.Orleans.Wire;

namespace Sweep.Grains.Orleans.Transactions;

/// <summary>A silo renews its leases of the sweep. Answers one number of <see cref="Coordination.HeartbeatAnswer"/> per entry.</summary>
internal sealed class HeartbeatOperation(string silo, WireProgress[] progress) : SweepOperation<int[]>
{
    public string Silo => silo;

    public WireProgress[] Progress => progress;

    public override bool Durable => false;
}
