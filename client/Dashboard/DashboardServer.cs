using System.Net;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Sweep.Client.Dashboard.Access;
using Sweep.Client.Dashboard.Api;
using Sweep.Client.Dashboard.Live;
using Sweep.Silo;

namespace Sweep.Client.Dashboard;

/// <summary>The dashboard's web server: Kestrel, the page, the API. Disposing ends event streams and stops it; the store stays open.</summary>
internal sealed class DashboardServer : IAsyncDisposable
{
    private const int MaxBodyBytes = 256 * 1024;

    private readonly WebApplication _application;
    private readonly DashboardParts _parts;
    private readonly DashboardOptions _options;

    private DashboardServer(WebApplication application, DashboardParts parts, string url, DashboardOptions options)
    {
        (_application, _parts, Url, _options) = (application, parts, url, options);
    }

    /// <summary>The base address, with the actual port.</summary>
    public string Url { get; }

    /// <summary>What to open in a browser: the page's address, with the generated token if there is one.</summary>
    public string Link => LinkTo(null);

    /// <summary>The same for one sweep's page; the list's where there isn't one sweep alone.</summary>
    public string LinkTo(string? sweepId)
    {
        string page = _options.Base[1..] + (sweepId is null ? "" : $"sweeps/{Uri.EscapeDataString(sweepId)}");
        return _options is { IsTokenGenerated: true, Token: { } token }
            ? TokenLink.Of(Reachable(Url, _options.Listen.Address) + page, token)
            : Url + page;
    }

    public LiveFeed Feed => _parts.Feed;

    /// <exception cref="Sweep.Client.Terminal.UsageException">The options would leave it unprotected.</exception>
    /// <exception cref="IOException">The address is in use, or isn't this machine's.</exception>
    /// <param name="log">For problems of the server.</param>
    public static async Task<DashboardServer> StartAsync(StoreView store, DashboardOptions options, TextWriter log, TimeProvider time,
        CancellationToken cancellationToken)
    {
        options.Check();
        var parts = new DashboardParts(store, options, log, time);
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "sweep" });
        builder.Services.AddRoutingCore();

        // The command handles signals itself: the host must not stop before the run has drained.
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.AddResponseCompression(o => o.EnableForHttps = true);
        builder.Services.AddRateLimiter(o => Limit(o, options, parts.Gate));
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Configure(kestrel, options, parts));
        WebApplication application = builder.Build();
        DashboardPipeline.Use(application, parts, options);
        try
        {
            await application.StartAsync(cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            await application.DisposeAsync();
            await parts.DisposeAsync();
            throw e is IOException ? e : new IOException($"the dashboard can't be served on {options.Listen}: {e.Message}", e);
        }

        var bound = new Uri(application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        parts.Gate.Listens(bound.Port);
        return new DashboardServer(application, parts, bound.GetLeftPart(UriPartial.Authority) + "/", options);
    }

    public async ValueTask DisposeAsync()
    {
        await _parts.StopAsync();

        // Open connections are aborted.
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _application.StopAsync(now.Token);
        await _application.DisposeAsync();
        await _parts.DisposeAsync();
    }

    /// <summary>A wildcard address can't be opened in a browser: use the machine's name.</summary>
    private static string Reachable(string url, IPAddress address) => !address.Equals(IPAddress.Any) && !address.Equals(IPAddress.IPv6Any) ? url
        : new UriBuilder(url) { Host = Environment.MachineName }.Uri.AbsoluteUri;

    private static void Configure(KestrelServerOptions kestrel, DashboardOptions options, DashboardParts parts)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = MaxBodyBytes;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        kestrel.Limits.KeepAliveTimeout = TimeSpan.FromMinutes(2);
        kestrel.Listen(options.Listen, listen =>
        {
            listen.Protocols = HttpProtocols.Http1;
            listen.Use(next => connection => ConnectAsync(connection, parts.Connections, next));
        });
    }

    private static async Task ConnectAsync(ConnectionContext connection, ConnectionTable table, ConnectionDelegate next)
    {
        if (table.Enter((connection.RemoteEndPoint as IPEndPoint)?.Address, connection.Abort) is not { } open)
        {
            connection.Abort();
            return;
        }

        connection.Features.Set(open);
        connection.Features.Get<IConnectionHeartbeatFeature>()?.OnHeartbeat(_ => table.Check(open), open);
        try
        {
            await next(connection);
        }
        finally
        {
            table.Leave(open);
        }
    }

    private static void Limit(Microsoft.AspNetCore.RateLimiting.RateLimiterOptions limiter, DashboardOptions options, Gate gate)
    {
        limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context => RateLimitPartition.GetTokenBucketLimiter(
            gate.ClientOf(context),
            _ => new TokenBucketRateLimiterOptions
            {
                TokenLimit = options.MaxRequestsPerSecond,
                TokensPerPeriod = options.MaxRequestsPerSecond,
                ReplenishmentPeriod = TimeSpan.FromSeconds(1),
                QueueLimit = 0,
            }));
        limiter.OnRejected = async (context, _) =>
        {
            context.HttpContext.Response.Headers.RetryAfter = "1";
            await DashboardJson.ErrorAsync(
                context.HttpContext, StatusCodes.Status429TooManyRequests, $"too many requests; allowed: {options.MaxRequestsPerSecond} a second");
        };
    }
}
