using Sweep.Grains.Coordination;
using Sweep.Grains.Storage;

namespace Sweep.Tests.Simulation;

/// <summary>The store's operations over a process's way to it.</summary>
internal sealed class SimSweeps(SqlStore store, CoordinatorOptions options) : SqlSweeps(store, options)
{
    public override Task<RequestRecord> RequestAsync(OperatorRequest request, TimeSpan patience, CancellationToken cancellationToken) =>
        throw new NotSupportedException("operators write rows: WriteAsync");
}
