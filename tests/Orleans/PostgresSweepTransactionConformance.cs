using Sweep.Tests.Grains.Storage;

namespace Sweep.Tests.Orleans;

public sealed class PostgresSweepTransactionConformance(PostgresServer server, OrleansCluster cluster) : SweepTransactionConformance
{
    private protected override TestStore NewStore() => new OrleansTestStore(server, cluster);

    /// <summary>Other tests use the same server.</summary>
    private protected override long MaxCommits => 40;

    private protected override async Task<long> CommitsAsync() => (long)(await server.ScalarAsync("SELECT pg_current_xact_id()::text::bigint"))!;
}
