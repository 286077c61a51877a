using Sweep.Grains.Coordination;
using Sweep.Grains.Orleans.Wire;

namespace Sweep.Grains.Orleans.Transactions;

/// <summary>An attempt completed. Answers a number of <see cref="ReportAnswer"/>.</summary>
internal sealed class CompleteOperation(WireReport report) : SweepOperation<int>
{
    public WireReport Report => report;

    public override bool Durable => true;

    /// <summary>The trial's place in the spec's expansion, where the queue decided; null where the store did.</summary>
    public long? Ordinal { get; set; }
}
