namespace Sweep.Tests.Client.Dashboard;

public sealed class SqliteDashboardApiConformance : DashboardApiConformance
{
    private protected override Task<TestDashboard> StartAsync() => TestDashboard.StartAsync();
}
