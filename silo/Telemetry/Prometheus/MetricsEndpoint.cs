using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Sweep.Silo.Telemetry.Prometheus;

/// <summary>
/// Serves <c>GET /metrics</c>, and nothing else, to Prometheus. Kestrel without a host around it, which would want to handle the process' signals. What it says names no sweep and no trial.
/// </summary>
public sealed class MetricsEndpoint : IAsyncDisposable
{
    private const string MetricsPath = "/metrics";
    private const int MostConnections = 64;

    private readonly KestrelServer _server;

    private MetricsEndpoint(KestrelServer server, string url) => (_server, Url) = (server, url);

    /// <summary>Where it can be read, with the port that it got.</summary>
    public string Url { get; }

    /// <exception cref="IOException">The address is taken, or not this machine's.</exception>
    public static async Task<MetricsEndpoint> StartAsync(PrometheusExporter exporter, IPEndPoint address, CancellationToken cancellationToken)
    {
        var options = new KestrelServerOptions { AddServerHeader = false };
        options.Limits.MaxConcurrentConnections = MostConnections;
        options.Limits.MaxRequestBodySize = 0;
        options.Listen(address, listen => listen.Protocols = HttpProtocols.Http1);
        var transport = new SocketTransportFactory(Options.Create(new SocketTransportOptions()), NullLoggerFactory.Instance);
        var server = new KestrelServer(Options.Create(options), transport, NullLoggerFactory.Instance);
        try
        {
            await server.StartAsync(new Application(exporter), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            server.Dispose();
            throw e is IOException ? e : new IOException($"metrics can't be served on {address}: {e.Message}", e);
        }

        string bound = server.Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return new MetricsEndpoint(server, bound + MetricsPath);
    }

    public async ValueTask DisposeAsync()
    {
        // Whoever reads now is cut off: the process is about to end.
        using var now = new CancellationTokenSource();
        await now.CancelAsync().ConfigureAwait(false);
        await _server.StopAsync(now.Token).ConfigureAwait(false);
        _server.Dispose();
    }

    private sealed class Application(PrometheusExporter exporter) : IHttpApplication<HttpContext>
    {
        public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

        public void DisposeContext(HttpContext context, Exception? exception)
        {
        }

        public Task ProcessRequestAsync(HttpContext context)
        {
            HttpResponse response = context.Response;
            response.Headers.XContentTypeOptions = "nosniff";
            if (context.Request.Path != MetricsPath)
            {
                response.StatusCode = StatusCodes.Status404NotFound;
                return Task.CompletedTask;
            }

            if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
            {
                response.StatusCode = StatusCodes.Status405MethodNotAllowed;
                response.Headers.Allow = "GET, HEAD";
                return Task.CompletedTask;
            }

            (string text, response.ContentType) = exporter.Scrape(context.Request.Headers.Accept);
            response.Headers.CacheControl = "no-store";
            return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : response.WriteAsync(text, context.RequestAborted);
        }
    }
}
