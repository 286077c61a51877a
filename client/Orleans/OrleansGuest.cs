using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Sweep.Client.Running;
using Sweep.Grains.Coordination;
using Sweep.Grains.Coordination.Sql.Postgres;
using Sweep.Grains.Orleans;

namespace Sweep.Client.Orleans;

/// <summary>A client of the cluster.</summary>
internal sealed class OrleansGuest : IOrleansNode
{
    private readonly IHost? _client;

    private OrleansGuest(OrleansSettings settings, IHost? client, PostgresCoordinator reading, int silos, TimeProvider time)
    {
        _client = client;
        Shown = silos switch
        {
            0 => "no silo is up yet",
            1 => "1 silo is up",
            _ => $"{silos} silos are up",
        };
        Coordinator = new OrleansCoordinator(Grains, settings.Store.Schema, reading, time);
    }

    public ICoordinator Coordinator { get; }

    public string Shown { get; }

    /// <param name="client">Started; null when nobody served it.</param>
    public static async Task<OrleansGuest> CreateAsync(OrleansSettings settings, IHost? client, PostgresCoordinator reading, TimeProvider time)
    {
        int silos = 0;
        if (client is not null)
        {
            try
            {
                silos = (await client.Services.GetRequiredService<IGrainFactory>().GetGrain<IManagementGrain>(0).GetHosts(onlyActive: true)).Count;
            }
            catch (Exception e) when (e is OrleansException or TimeoutException)
            {
                // They have just gone.
            }
        }

        return new OrleansGuest(settings, client, reading, silos, time);
    }

    public Task<LiveComparisons> CompareAsync(string sweepId, string metric, int most, CancellationToken cancellationToken) =>
        OrleansEngine.CompareAsync(Coordinator, sweepId, metric, most, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await Coordinator.DisposeAsync();
        if (_client is null)
            return;
        await _client.StopAsync();
        _client.Dispose();
    }

    private IGrainFactory Grains() => _client?.Services.GetRequiredService<IGrainFactory>()
        ?? throw new StoreException("no silo of the Orleans cluster is up: start one with: sweep silo --orleans --store URL");
}
