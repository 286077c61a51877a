using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Microsoft.Extensions.Hosting;
using Sweep.Client.Running;
using Sweep.Grains.Coordination;
using Sweep.Grains.Coordination.Sql.Postgres;
using Sweep.Grains.Orleans;
using Sweep.Grains.Orleans.Clustering;
using Sweep.Grains.Orleans.Wire;
using Sweep.Silo.Orleans;

namespace Sweep.Client.Orleans;

/// <summary>The Orleans cluster engine, for the command line.</summary>
internal static class OrleansEngine
{
    /// <summary>The first may come to nothing because the only other silo has just died; the second finds out that it has.</summary>
    private const int JoinAttempts = 3;

    private static readonly TimeSpan ConnectWithin = TimeSpan.FromSeconds(15);

    /// <summary>Makes the cluster's tables in a store that is there, where they are missing.</summary>
    /// <exception cref="StoreException">It can't be reached, or this user may not.</exception>
    public static Task SetupAsync(OrleansSettings settings, CancellationToken cancellationToken) => ClusterTables.PrepareAsync(settings.Store, cancellationToken);

    /// <summary>Starts this process's silo; returns when it is one of the cluster's.</summary>
    /// <exception cref="StoreException">The store can't be reached, or no cluster can be joined.</exception>
    public static async Task<IOrleansNode> JoinAsync(OrleansSettings settings, CoordinatorOptions limits, TimeProvider time, CancellationToken cancellationToken)
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
            for (int attempt = 1; ; attempt++)
            {
                try
                {
                    await node.StartAsync(cancellationToken);
                    return node;
                }
                catch (StoreException) when (attempt < JoinAttempts && !cancellationToken.IsCancellationRequested)
                {
                    // Again, as a new member.
                }
            }
        }
        catch
        {
            await node.DisposeAsync();
            throw;
        }
    }

    /// <summary>Connects as a client to a cluster that some silo serves.</summary>
    /// <exception cref="StoreException">The store can't be reached, or no silo answers.</exception>
    public static async Task<IOrleansNode> ConnectAsync(OrleansSettings settings, TimeProvider time, CancellationToken cancellationToken)
    {
        await ClusterTables.PrepareAsync(settings.Store, cancellationToken);
        IHost? client = await ClusterTables.ServingAsync(settings.Store, cancellationToken) > 0 ? await ClientAsync(settings.Store, cancellationToken) : null;
        PostgresCoordinator reading = await PostgresCoordinator.OpenAsync(settings.Store, time, StoreOpening.Existing, cancellationToken: cancellationToken);
        return await OrleansGuest.CreateAsync(settings, client, reading, time);
    }

    internal static async Task<LiveComparisons> CompareAsync(ICoordinator coordinator, string sweepId, string metric, int most, CancellationToken cancellationToken)
    {
        WireComparisons answer = await ((OrleansCoordinator)coordinator).CompareAsync(sweepId, new WireCompare { Metric = metric, Averaged = true, Most = most }, cancellationToken);
        return new LiveComparisons(answer.Completed, answer.Test, [.. answer.Comparisons.Select(c => c.ToSection())]);
    }

    /// <summary>A started client; null when no silo answers: what is submitted lies in the store, and the first one to come finds it there.</summary>
    private static async Task<IHost?> ClientAsync(PostgresUrl store, CancellationToken cancellationToken)
    {
        IHost client = OrleansHost.Client(store);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(ConnectWithin);
        try
        {
            await client.StartAsync(patience.Token).WaitAsync(patience.Token);
            return client;
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Its loops may still try; they end with the process.
            return null;
        }
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
