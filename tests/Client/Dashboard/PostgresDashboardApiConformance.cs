using System.Globalization;
using Sweep.Grains.Storage.Postgres;
using Sweep.Tests.Grains.Storage;
using Sweep.Tests.Orleans;
using Xunit;

namespace Sweep.Tests.Client.Dashboard;

public sealed class PostgresDashboardApiConformance(PostgresServer server, OrleansCluster cluster) : DashboardApiConformance
{
    private static int _count;
    private readonly string _schema = string.Create(CultureInfo.InvariantCulture, $"dashboard{Interlocked.Increment(ref _count)}");

    private protected override Task<TestDashboard> StartAsync() => TestDashboard.StartAsync(PostgresUrl.Parse(server.Url(_schema)), cluster);

    public override async ValueTask InitializeAsync()
    {
        if (PostgresServer.Missing is { } missing)
            Assert.Skip(missing);
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        cluster.Hub.Remove(_schema);
        if (PostgresServer.Missing is null)
            await server.ExecuteAsync($"DROP SCHEMA IF EXISTS {_schema} CASCADE");
    }
}
