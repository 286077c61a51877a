using System.Collections.Concurrent;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Sweep.Tests.Silo.Telemetry;

/// <summary>A collector that keeps what it is sent by OTLP, over HTTP/1.1 with protobuf or over gRPC.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable, IHttpApplication<HttpContext>
{
    private const int GrpcPrefixBytes = 5;

    private readonly KestrelServer _server;
    private readonly bool _grpc;

    private OtlpReceiver(bool grpc)
    {
        _grpc = grpc;
        var options = new KestrelServerOptions();
        options.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.Protocols = grpc ? HttpProtocols.Http2 : HttpProtocols.Http1);
        var transport = new SocketTransportFactory(Options.Create(new SocketTransportOptions()), NullLoggerFactory.Instance);
        _server = new KestrelServer(Options.Create(options), transport, NullLoggerFactory.Instance);
    }

    /// <summary>Requests by path, decoded.</summary>
    public ConcurrentQueue<(string Path, string? ContentType, ProtobufMessage Message)> Received { get; } = [];

    public string Url => _server.Features.Get<IServerAddressesFeature>()!.Addresses.First();

    public static async Task<OtlpReceiver> StartAsync(bool grpc)
    {
        var receiver = new OtlpReceiver(grpc);
        await receiver._server.StartAsync(receiver, CancellationToken.None);
        return receiver;
    }

    /// <summary>Repeated messages of a field of everything that came to a path: <c>resource_spans</c>, <c>resource_metrics</c>.</summary>
    public IEnumerable<ProtobufMessage> Messages(string path, int field) =>
        Received.Where(r => r.Path == path).SelectMany(r => r.Message.Messages(field));

    public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    public void DisposeContext(HttpContext context, Exception? exception)
    {
    }

    public async Task ProcessRequestAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        ReadOnlyMemory<byte> message = body.ToArray();
        if (_grpc)
        {
            // An empty answer, and that it went well.
            message = message[GrpcPrefixBytes..];
            context.Response.ContentType = "application/grpc";
            context.Response.DeclareTrailer("grpc-status");
            await context.Response.Body.WriteAsync(new byte[GrpcPrefixBytes]);
            context.Response.AppendTrailer("grpc-status", "0");
        }

        Received.Enqueue((context.Request.Path, context.Request.ContentType, ProtobufMessage.Read(message)));
    }

    public async ValueTask DisposeAsync()
    {
        await _server.StopAsync(CancellationToken.None);
        _server.Dispose();
    }
}
