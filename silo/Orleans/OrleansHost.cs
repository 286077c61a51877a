using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Runtime.Hosting;
using Sweep.Diffusion.Datasets;
using Sweep.Grains.Storage.Postgres;
using Sweep.Grains.Orleans;
using Sweep.Grains.Orleans.Attempts;
using Sweep.Grains.Orleans.Clustering;
using Sweep.Silo.Telemetry;

namespace Sweep.Silo.Orleans;

/// <summary>Builds the hosts of Orleans silos and clients, as this program wants them.</summary>
public static class OrleansHost
{
    private const string ServiceId = "sweep";

    private static readonly TimeSpan GiveUpAfter = TimeSpan.FromSeconds(3);

    /// <summary>
    /// Which build this is: the version, and a digest of the assemblies whose code or bytes members of a cluster share. The same sources give the same one,
    /// wherever they are built.
    /// </summary>
    public static string Build { get; } = Describe(typeof(OrleansHost).Assembly, typeof(StoreHub).Assembly, typeof(IDensity).Assembly);

    /// <summary>Each is one by itself, for clients of the same build.</summary>
    private static string EmbeddedCluster => $"embedded/{Build}";

    /// <summary>Where a started silo serves Orleans' own dashboard; null if it doesn't.</summary>
    public static string? DashboardUrl(IHost silo) => Dashboard.OrleansDashboard.Url(silo);

    /// <summary>A silo whose cluster finds itself in the store's database. Not started.</summary>
    /// <param name="keys">Of the store's cluster.</param>
    /// <param name="hub">The stores its grains write to.</param>
    public static IHost Silo(PostgresUrl store, KeyRing keys, StoreHub hub, SiloPlace place)
    {
        ArgumentNullException.ThrowIfNull(place);
        return Silo(
            keys,
            hub,
            place.Lease,
            place.Dashboard,
            place.Warning,
            silo =>
            {
                silo.Configure<ClusterOptions>(o => (o.ClusterId, o.ServiceId) = (Deployment(keys), ServiceId));
                if (place.Name is { } name)
                    silo.Configure<global::Orleans.Configuration.SiloOptions>(o => o.SiloName = name);
                silo.ConfigureEndpoints(place.Advertise, place.Port, place.GatewayPort, listenOnAnyHostAddress: !IPAddress.IsLoopback(place.Advertise));
                silo.UseAdoNetClustering(o => (o.Invariant, o.ConnectionString) = ("Npgsql", ClusterTables.ConnectionString(store)));
                ServiceDescriptor table = silo.Services.Last(s => s.ServiceType == typeof(IMembershipTable));
                silo.Services.Remove(table);
                silo.Services.AddSingleton<IMembershipTable>(services => new StoreClockTable(
                    (IMembershipTable)ActivatorUtilities.CreateInstance(services, table.ImplementationType!), cancel =>
                        ClusterTables.NowAsync(store, cancel), TimeProvider.System));
                silo.Services.AddSingleton(place.OnFatal);
            });
    }

    /// <summary>A silo that is a cluster by itself, in this process and for it alone: it listens on nothing. Not started.</summary>
    /// <param name="error">
    /// Told, in a line each, of what Orleans calls critical; null tells nobody. What it warns of is for clusters, and this process's own pauses (it was
    /// suspended) are no error here: a call that fails tells whoever made it.
    /// </param>
    /// <param name="socket">Where clients of this machine and this user come in, once it is known; null, or too long a path: nowhere.</param>
    public static IHost Embedded(StoreHub hub, Action<string>? error, Task<string?> socket)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        Add(builder, hub, error, LogLevel.Critical, silo =>
        {
            // The membership table, which knows no other silo, is in its memory.
            silo.UseLocalhostClustering(EmbeddedListeners.SiloPort, EmbeddedListeners.ClientPort, serviceId: ServiceId, clusterId: EmbeddedCluster);
            Dashboard.OrleansDashboard.Leave(silo);
            EmbeddedListeners.Replace<IConnectionListenerFactory>(silo.Services, new EmbeddedListeners(socket));

            // A process that was stopped goes on where it was. It can't lose a message, so no call needs to be given up.
            silo.Configure<SiloMessagingOptions>(o => o.ResponseTimeout = TimeSpan.FromDays(10));
        });
        return builder.Build();
    }

    /// <summary>A silo of a cluster on this machine that lives in memory: for tests. Not started.</summary>
    /// <param name="first">The first silo's port: it holds the cluster's membership.</param>
    public static IHost LocalSilo(KeyRing keys, StoreHub hub, int port, int gatewayPort, int first, TimeSpan lease) => Silo(
        keys, hub, lease, null, null, silo =>
            silo.UseLocalhostClustering(port, gatewayPort, new IPEndPoint(IPAddress.Loopback, first), ServiceId, keys.ClusterId));

    /// <summary>A client of the cluster, which finds its silos in the store's database. Not started.</summary>
    public static IHost Client(PostgresUrl store, KeyRing keys) => Client(
        keys,
        Deployment(keys),
        null,
        client => client.UseAdoNetClustering(o => (o.Invariant, o.ConnectionString) = ("Npgsql", ClusterTables.ConnectionString(store))));

    /// <summary>A client of the cluster that knows nothing but one silo's port for clients. Not started.</summary>
    /// <param name="clusterId">As silos are started with: <see cref="Deployment"/>, but in tests.</param>
    /// <param name="lease">How long leases stand.</param>
    /// <param name="warning">Told, in a line each, of what Orleans warns of; null tells nobody.</param>
    public static IHost Client(KeyRing keys, string clusterId, IPEndPoint gateway, TimeSpan lease, Action<string>? warning) => Client(
        keys,
        clusterId,
        warning,
        client =>
        {
            client.UseStaticClustering(gateway);
            client.Configure<ClientMessagingOptions>(o => o.ResponseTimeout = ResponseTimeout(lease));
        });

    /// <summary>A client of an embedded run's silo. Not started.</summary>
    /// <param name="socket">As of <see cref="Embedded"/>.</param>
    public static IHost Client(string socket)
    {
        HostApplicationBuilder builder = ClientBuilder(null);
        builder.UseOrleansClient(client =>
        {
            client.UseStaticClustering(new IPEndPoint(IPAddress.Loopback, EmbeddedListeners.ClientPort));
            client.Configure<ClusterOptions>(o => (o.ClusterId, o.ServiceId) = (EmbeddedCluster, ServiceId));
            client.Configure<ConnectionOptions>(o => o.OpenConnectionTimeout = GiveUpAfter);
            EmbeddedListeners.Replace<IConnectionFactory>(client.Services, new RunSocket(socket));
        });
        return builder.Build();
    }

    /// <summary>The cluster's name: its store's identity and this build.</summary>
    public static string Deployment(KeyRing keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        return ClusterTables.Deployment(keys.ClusterId, Build);
    }

    /// <summary>A port that is free now.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Any, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static IHost Client(KeyRing keys, string clusterId, Action<string>? warning, Action<IClientBuilder> cluster)
    {
        HostApplicationBuilder builder = ClientBuilder(warning);
        builder.UseOrleansClient(client =>
        {
            client.Configure<ClusterOptions>(o => (o.ClusterId, o.ServiceId) = (clusterId, ServiceId));
            if (OtlpExport.Traces)
                client.AddActivityPropagation();
            client.UseTls(tls => ClusterTls.Configure(tls, keys));

            // A gateway that membership lists and nobody answers at: the silo was killed.
            client.Configure<ConnectionOptions>(o => (o.OpenConnectionTimeout, o.ConnectionRetryDelay) = (GiveUpAfter, TimeSpan.FromMilliseconds(500)));
            cluster(client);
        });
        return builder.Build();
    }

    private static HostApplicationBuilder ClientBuilder(Action<string>? warning)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        if (warning is not null)
            builder.Logging.AddProvider(new ClusterLog(warning, TimeProvider.System)).SetMinimumLevel(LogLevel.Warning);
        return builder;
    }

    private static IHost Silo(KeyRing keys, StoreHub hub, TimeSpan lease, IPEndPoint? dashboard, Action<string>? warning, Action<ISiloBuilder> cluster)
    {
        if (dashboard is null)
        {
            HostApplicationBuilder plain = Host.CreateEmptyApplicationBuilder(null);
            Add(plain, keys, hub, lease, warning, cluster, dashboard: false);
            return plain.Build();
        }

        WebApplicationBuilder web = Dashboard.OrleansDashboard.Builder(dashboard);
        Add(web, keys, hub, lease, warning, cluster, dashboard: true);
        return Dashboard.OrleansDashboard.Build(web);
    }

    private static void Add(
        IHostApplicationBuilder builder, KeyRing keys, StoreHub hub, TimeSpan lease, Action<string>? warning, Action<ISiloBuilder> cluster, bool dashboard)
    {
        Add(builder, hub, warning, LogLevel.Warning, silo =>
        {
            cluster(silo);

            // Whoever reaches a silo's port could otherwise take leases and commit results.
            silo.UseTls(tls => ClusterTls.Configure(tls, keys));
            if (dashboard)
                Dashboard.OrleansDashboard.Add(silo);
            else
                Dashboard.OrleansDashboard.Leave(silo);

            // Three missed probes are death. They are half this time-out apart where answers come quickly, and further apart than it where they come late or
            // this process itself stalls: with the usual lease of 30 s a killed silo's grains live elsewhere after some 4 s. One that is silent though its
            // connections stand (frozen, or its link is cut) is dead only when nothing has come from it for three of the longest time-outs, 18 s: less would
            // kill the living on a busy machine. Where nobody is left to probe it, the next silo to join goes by when it last wrote to the membership table:
            // that is 15 s.
            silo.Configure<ClusterMembershipOptions>(o =>
            {
                o.ProbeTimeout = Between(0.5, lease / 15, 5);
                o.MaxProbeTimeout = Between(2, lease / 5, 10);
                o.IAmAliveTablePublishTimeout = Between(1, lease / 6, 5);
                o.TableRefreshTimeout = TimeSpan.FromSeconds(10);

                // A silo that joins asks every other that the table calls active. One that died a moment ago, with nobody left to notice, is only found stale
                // when the next attempt begins: this one is to end soon after that.
                o.MaxJoinAttemptTime = (o.IAmAliveTablePublishTimeout * o.NumMissedTableIAmAliveLimit) + (o.ProbeTimeout * 10);

                // Else the others declare a silo dead that has been joining for longer than that: one on a busy machine, or whose start others see by another
                // clock. One that has died while it joined misses its probes.
                o.EvictWhenMaxJoinAttemptTimeExceeded = false;
                o.DefunctSiloExpiration = TimeSpan.FromDays(1);
            });

            // A call to a grain whose silo has just died fails before the lease does, and is made again.
            silo.Configure<SiloMessagingOptions>(o => o.ResponseTimeout = ResponseTimeout(lease));
        });
    }

    /// <summary>What all silos have in common.</summary>
    private static void Add(IHostApplicationBuilder builder, StoreHub hub, Action<string>? told, LogLevel from, Action<ISiloBuilder> kind)
    {
        builder.Services.AddSingleton(hub);

        // Signals are this program's to handle: a host that receives SIGTERM first fails to start with an exception of its own.
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        if (told is not null)
            builder.Logging.AddProvider(new ClusterLog(told, TimeProvider.System)).SetMinimumLevel(from);
        builder.UseOrleans(silo =>
        {
            kind(silo);
            silo.AddGrainDirectory(TrialDirectory.Name, static (_, _) => new TrialDirectory());

            // An attempt's trace goes on in the grains that it calls. It is a filter around every call, so only where somebody looks.
            if (OtlpExport.Traces)
                silo.AddActivityPropagation();
        });
    }

    private static string Describe(params Assembly[] assemblies)
    {
        byte[] digest = SHA256.HashData([.. assemblies.SelectMany(a => a.ManifestModule.ModuleVersionId.ToByteArray())]);
        string version = assemblies[0].GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown";
        return $"{version}-{Convert.ToHexStringLower(digest[..4])}";
    }

    private static TimeSpan ResponseTimeout(TimeSpan lease) => Between(10, lease / 2, 30);

    private static TimeSpan Between(double leastSeconds, TimeSpan wanted, double mostSeconds) =>
        TimeSpan.FromSeconds(Math.Clamp(wanted.TotalSeconds, leastSeconds, mostSeconds));
}
