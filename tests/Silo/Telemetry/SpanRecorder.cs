using System.Collections.Concurrent;
using System.Diagnostics;
using Sweep.Silo.Telemetry;

namespace Sweep.Tests.Silo.Telemetry;

/// <summary>Keeps the spans of one <see cref="Instruments"/>, not those of tests beside it.</summary>
internal sealed class SpanRecorder : IDisposable
{
    private readonly ActivityListener _listener;

    public SpanRecorder(Instruments instruments)
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => ReferenceEquals(source, instruments.Source),
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = Ended.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public ConcurrentQueue<Activity> Ended { get; } = [];

    public void Dispose() => _listener.Dispose();
}
