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
/// Serves <c>GET /metrics</c> to Prometheus, and <c>/healthz</c> and <c>/readyz</c> to whoever supervises the process. Kestrel without a host around it,
/// which would want to handle the process' signals. What it says names no sweep and no trial.
/// </summary>
public sealed class MetricsEndpoint : IAsyncDisposable
{
    private const string MetricsPath = "/metrics";
    private const string HealthPath = "/healthz";
    private const string ReadyPath = "/readyz";
    private const int MaxConnections = 64;

    private readonly KestrelServer _server;

    private MetricsEndpoint(KestrelServer server, string url) => (_server, Url) = (server, url);

    /// <summary>Where it can be read, with the port that it got.</summary>
    public string Url { get; }

    /// <param name="notReady">Why no work should be expected of the process now; null where there is no reason, or nobody knows of one.</param>
    /// <exception cref="IOException">The address is taken, or not this machine's.</exception>
    public static async Task<MetricsEndpoint> StartAsync(PrometheusExporter exporter, IPEndPoint address, CancellationToken cancellationToken,
        Func<string?>? notReady = null)
    {
        var options = new KestrelServerOptions { AddServerHeader = false };
        options.Limits.MaxConcurrentConnections = MaxConnections;
        options.Limits.MaxRequestBodySize = 0;
        options.Listen(address, listen => listen.Protocols = HttpProtocols.Http1);
        var transport = new SocketTransportFactory(Options.Create(new SocketTransportOptions()), NullLoggerFactory.Instance);
        var server = new KestrelServer(Options.Create(options), transport, NullLoggerFactory.Instance);
        try
        {
            await server.StartAsync(new Application(exporter, notReady), cancellationToken).ConfigureAwait(false);
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

    private sealed class Application(PrometheusExporter exporter, Func<string?>? notReady) : IHttpApplication<HttpContext>
    {
        public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

        public void DisposeContext(HttpContext context, Exception? exception)
        {
        }

        public Task ProcessRequestAsync(HttpContext context)
        {
            HttpResponse response = context.Response;
            response.Headers.XContentTypeOptions = "nosniff";
            string path = context.Request.Path;
            if (path is not (MetricsPath or HealthPath or ReadyPath))
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

            response.Headers.CacheControl = "no-store";
            string text;
            if (path == MetricsPath)
            {
                (text, response.ContentType) = exporter.Scrape(context.Request.Headers.Accept);
            }
            else
            {
                string? trouble = path == ReadyPath ? notReady?.Invoke() : null;
                response.StatusCode = trouble is null ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
                response.ContentType = "text/plain; charset=utf-8";
                text = $"{trouble ?? "ok"}\n";
            }

            return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : response.WriteAsync(text, context.RequestAborted);
        }
    }
}
