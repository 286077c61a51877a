using System.Collections.Concurrent;
using System.Diagnostics;
using Sweep.Grains.Coordination;

namespace Sweep.Silo.Telemetry;

/// <summary>The contexts that sweeps were launched in, as the store keeps them; each is asked for once. Thread-safe.</summary>
public sealed class SweepTraces(IWorkerReader reader)
{
    private readonly ConcurrentDictionary<string, ActivityContext> _known = new(StringComparer.Ordinal);

    /// <summary>Of a sweep that was launched without one, or whose store doesn't answer: a context that is made of its id, the same for every silo.</summary>
    public ActivityContext Of(string sweepId)
    {
        if (_known.TryGetValue(sweepId, out ActivityContext context))
            return context;
        try
        {
            // On an attempt's own thread, before it begins.
            string? trace = reader.FindAsync(sweepId, CancellationToken.None).GetAwaiter().GetResult()?.Trace;
            return _known[sweepId] = ActivityContext.TryParse(trace, traceState: null, isRemote: true, out context) ? context : SweepTrace.Of(sweepId);
        }
        catch (StoreException)
        {
            return SweepTrace.Of(sweepId);
        }
    }
}
