using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Sweep.Client.Cluster;
using Sweep.Client.Dashboard.Access;
using Sweep.Client.Dashboard.Live;
using Sweep.Grains.Orleans;

namespace Sweep.Client.Dashboard.Api;

/// <summary>Server-sent events: changes as they happen.</summary>
internal sealed class EventsApi(StoreView store, LiveFeed feed, DashboardOptions options, TimeProvider time, CancellationToken stopping)
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _streams = new(StringComparer.Ordinal);
    private int _all;

    public async Task StreamAsync(HttpContext context)
    {
        string? sweep = context.Request.Query["sweep"].ToString() is { Length: > 0 } id ? (await store.FindAsync(id, context.RequestAborted)).Id : null;
        string? trial = sweep is not null && context.Request.Query["trial"].ToString() is { Length: > 0 and <= 64 } asked ? asked : null;
        string client = ClientAddress.Key(context.Connection.RemoteIpAddress);
        if (!Enter(client))
            throw new ApiException(StatusCodes.Status429TooManyRequests,
                $"too many event streams; allowed: {options.MaxStreamsPerClient} per client, {options.MaxStreams} in total");
        Subscriber subscriber = feed.Subscribe(sweep, trial);
        try
        {
            using var over = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
            if (trial is not null && store.Live is { } live)
                _ = FollowAsync(live, subscriber, sweep!, trial, over.Token);
            await WriteAsync(context, subscriber, over.Token);
        }
        catch (OperationCanceledException)
        {
            // The page has closed, or the server is stopping.
        }
        finally
        {
            feed.Unsubscribe(subscriber);
            Leave(client);
        }
    }

    /// <summary>Sends a running trial as far as it is, whenever its silo says more; a slow page gets the newest.</summary>
    private static async Task FollowAsync(LiveSource live, Subscriber subscriber, string sweepId, string trialId, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (LiveTrial trial in live.TrialAsync(sweepId, trialId, cancellationToken))
                subscriber.Send("live", DashboardJson.Bytes(LiveView.Of(trialId, trial)));
        }
        catch (Exception e) when (e is OperationCanceledException or EngineException)
        {
            // The page has closed, or there is no such trial.
        }
    }

    private async Task WriteAsync(HttpContext context, Subscriber subscriber, CancellationToken cancellationToken)
    {
        HttpResponse response = context.Response;
        response.ContentType = "text/event-stream; charset=utf-8";
        response.Headers.CacheControl = "no-cache, no-store, no-transform";

        // nginx would buffer events.
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

            // Serialized JSON contains no line breaks.
            foreach ((string name, byte[] data) in events)
                await response.Body.WriteAsync((byte[])[.. System.Text.Encoding.ASCII.GetBytes($"event: {name}\ndata: "), .. data, .. "\n\n"u8],
                    cancellationToken);
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
            if (_all >= options.MaxStreams || own >= options.MaxStreamsPerClient)
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
