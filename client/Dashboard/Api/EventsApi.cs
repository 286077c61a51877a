using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Sweep.Client.Dashboard.Access;
using Sweep.Client.Dashboard.Live;

namespace Sweep.Client.Dashboard.Api;

/// <summary>Server-sent events: what changes, as it does.</summary>
internal sealed class EventsApi(StoreView store, LiveFeed feed, DashboardOptions options, TimeProvider time, CancellationToken stopping)
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _streams = new(StringComparer.Ordinal);
    private int _all;

    public async Task StreamAsync(HttpContext context)
    {
        string? sweep = context.Request.Query["sweep"].ToString() is { Length: > 0 } id ? (await store.FindAsync(id, context.RequestAborted)).Id : null;
        string client = ClientAddress.Key(context.Connection.RemoteIpAddress);
        if (!Enter(client))
            throw new ApiException(StatusCodes.Status429TooManyRequests, $"too many event streams; allowed: {options.MostStreamsPerClient} of one client, {options.MostStreams} in all");
        Subscriber subscriber = feed.Subscribe(sweep);
        try
        {
            using var over = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
            await WriteAsync(context, subscriber, over.Token);
        }
        catch (OperationCanceledException)
        {
            // The page is gone, or the server stops.
        }
        finally
        {
            feed.Unsubscribe(subscriber);
            Leave(client);
        }
    }

    private async Task WriteAsync(HttpContext context, Subscriber subscriber, CancellationToken cancellationToken)
    {
        HttpResponse response = context.Response;
        response.ContentType = "text/event-stream; charset=utf-8";
        response.Headers.CacheControl = "no-cache, no-store, no-transform";

        // nginx would hold events back.
        response.Headers["X-Accel-Buffering"] = "no";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        await response.Body.WriteAsync("retry: 2000\n\n"u8.ToArray(), cancellationToken);
        await response.Body.FlushAsync(cancellationToken);
        while (true)
        {
            await subscriber.WaitAsync(Heartbeat, time, cancellationToken);
            IReadOnlyList<(string Name, byte[] Data)> events = subscriber.Take();
            if (events.Count == 0)
                await response.Body.WriteAsync(": still here\n\n"u8.ToArray(), cancellationToken);

            // JSON has no line breaks as it is written here.
            foreach ((string name, byte[] data) in events)
                await response.Body.WriteAsync((byte[])[.. System.Text.Encoding.ASCII.GetBytes($"event: {name}\ndata: "), .. data, .. "\n\n"u8], cancellationToken);
            await response.Body.FlushAsync(cancellationToken);
            if (events.Any(e => e.Name == "over"))
                return;
        }
    }

    private bool Enter(string client)
    {
        lock (_lock)
        {
            int own = _streams.GetValueOrDefault(client);
            if (_all >= options.MostStreams || own >= options.MostStreamsPerClient)
                return false;
            _all++;
            _streams[client] = own + 1;
            return true;
        }
    }

    private void Leave(string client)
    {
        lock (_lock)
        {
            _all--;
            if (--_streams[client] == 0)
                _streams.Remove(client);
        }
    }
}
