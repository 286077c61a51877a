using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Microsoft.Extensions.Hosting;
using Sweep.Client.Running;
using Sweep.Grains.Coordination;
using Sweep.Grains.Coordination.Sql.Postgres;
using Sweep.Grains.Orleans.Clustering;
using Sweep.Silo.Orleans;

namespace Sweep.Client.Orleans;

/// <summary>The Orleans cluster engine, for the command line.</summary>
internal sealed class OrleansEngine : IOrleansEngine
{
    public Task SetupAsync(OrleansSettings settings, CancellationToken cancellationToken) => ClusterTables.PrepareAsync(settings.Store, cancellationToken);

    public async Task<IOrleansNode> JoinAsync(OrleansSettings settings, CoordinatorOptions limits, TimeProvider time, CancellationToken cancellationToken)
    {
        await ClusterTables.PrepareAsync(settings.Store, cancellationToken);
        OrleansSettings placed = settings with
        {
            Advertise = settings.Advertise ?? Own(settings.Store),
            Port = settings.Port > 0 ? settings.Port : OrleansHost.FreePort(),
            GatewayPort = settings.GatewayPort > 0 ? settings.GatewayPort : OrleansHost.FreePort(),
        };
        PostgresCoordinator writing = await PostgresCoordinator.OpenAsync(settings.Store, time, StoreOpening.Existing, limits, cancellationToken);
        PostgresCoordinator reading = await PostgresCoordinator.OpenAsync(settings.Store, time, StoreOpening.Existing, limits, cancellationToken);
        var node = new OrleansMember(placed, writing, reading, limits, time);
        try
        {
            await node.StartAsync(cancellationToken);
            return node;
        }
        catch
        {
            await node.DisposeAsync();
            throw;
        }
    }

    public async Task<IOrleansNode> ConnectAsync(OrleansSettings settings, TimeProvider time, CancellationToken cancellationToken)
    {
        await ClusterTables.PrepareAsync(settings.Store, cancellationToken);
        IHost? client = OrleansHost.Client(settings.Store);
        try
        {
            await client.StartAsync(cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // No silo serves yet: what is submitted lies in the store, and the first one finds it there.
            client.Dispose();
            client = null;
        }

        PostgresCoordinator reading = await PostgresCoordinator.OpenAsync(settings.Store, time, StoreOpening.Existing, cancellationToken: cancellationToken);
        return await OrleansGuest.CreateAsync(settings, client, reading, time);
    }

    /// <summary>The loopback when the store is on this machine, so probably all of it is; else the first address of an interface that is up.</summary>
    private static IPAddress Own(PostgresUrl store)
    {
        if (store.IsLocal)
            return IPAddress.Loopback;
        return NetworkInterface.GetAllNetworkInterfaces()
            .Where(i => i.OperationalStatus == OperationalStatus.Up && i.NetworkInterfaceType != NetworkInterfaceType.Loopback)
            .SelectMany(i => i.GetIPProperties().UnicastAddresses)
            .Select(a => a.Address)
            .FirstOrDefault(a => a.AddressFamily == AddressFamily.InterNetwork) ?? IPAddress.Loopback;
    }
}
