using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Sweep.Grains.Coordination;

namespace Sweep.Silo.Telemetry;

/// <summary>Measures and traces what a silo does, and passes it on to another observer.</summary>
public sealed class TelemetryObserver : ISiloObserver
{
    private static readonly TimeSpan UtilizationWindow = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly ISiloObserver _inner;
    private readonly Instruments _instruments;
    private readonly SiloOptions _options;
    private readonly TimeProvider _time;
    private readonly Func<string, ActivityContext> _sweepTrace;
    private readonly ConcurrentDictionary<AttemptProgress, Moment> _running = [];
    private long _measured;
    private TimeSpan _processorTime;
    private double _utilization;

    /// <param name="sweepTrace">The context that a sweep was launched in; null: one that is made of its id.</param>
    public TelemetryObserver(ISiloObserver inner, Instruments instruments, SiloOptions options, TimeProvider time,
        Func<string, ActivityContext>? sweepTrace = null)
    {
        ArgumentNullException.ThrowIfNull(instruments);
        (_inner, _instruments, _options, _time, _sweepTrace) = (inner, instruments, options, time, sweepTrace ?? SweepTrace.Of);
        (_measured, _processorTime) = (time.GetTimestamp(), Environment.CpuUsage.TotalTime);

        // Counters that are there from the beginning: a rate over one that appears with its first event misses the event.
        instruments.TrialsCompleted.Add(0);
        instruments.TrainSteps.Add(0);
        instruments.LeasesExpired.Add(0);
        Meter meter = instruments.Meter;
        meter.CreateObservableUpDownCounter("sweep.slots.used", () => _running.Count, "{slot}", "Attempts that run now.");
        meter.CreateObservableUpDownCounter("sweep.slots.limit", () => options.Slots, "{slot}", "Attempts that may run at once.");
        meter.CreateObservableGauge("sweep.attempt.progress.age", ProgressAge, "s",
            "How long ago the attempt that has stalled longest last moved; 0 when none runs.");
        meter.CreateObservableGauge("sweep.device.utilization", Utilization, "1", "Share of the device's time in use; of the processors: by this process.");
    }

    public void Started(AttemptProgress attempt)
    {
        ArgumentNullException.ThrowIfNull(attempt);
        attempt.Observer = new AttemptTelemetry(_instruments, _options.Id, attempt.Lease, _time, _sweepTrace);
        _running[attempt] = Now(attempt);
        _inner.Started(attempt);
    }

    public void Ended(AttemptProgress attempt, AttemptOutcome outcome, string? message, TrialResult? result)
    {
        ArgumentNullException.ThrowIfNull(attempt);
        _running.TryRemove(attempt, out _);

        // Before the spans end: what the log says has the trace's id.
        _inner.Ended(attempt, outcome, message, result);
        (attempt.Observer as AttemptTelemetry)?.End(outcome, message);
    }

    public void Warning(string message) => _inner.Warning(message);

    public void StoreUnreachable(string message, TimeSpan retryIn) => _inner.StoreUnreachable(message, retryIn);

    private Moment Now(AttemptProgress attempt)
    {
        LeaseProgress progress = attempt.Snapshot();
        return new Moment(progress.Phase, progress.Fraction, progress.Loss, _time.GetTimestamp());
    }

    /// <summary>Attempts are looked at when somebody asks, so that moving costs them nothing.</summary>
    private double ProgressAge()
    {
        TimeSpan oldest = TimeSpan.Zero;
        foreach ((AttemptProgress attempt, Moment before) in _running)
        {
            Moment now = Now(attempt);
            if (now with { At = before.At } != before)
                _running.TryUpdate(attempt, now, before);
            else if (_time.GetElapsedTime(before.At) is var age && age > oldest)
                oldest = age;
        }

        return oldest.TotalSeconds;
    }

    /// <summary>Since the last time it was measured, which several listeners may ask for at once.</summary>
    private Measurement<double> Utilization()
    {
        lock (_lock)
        {
            TimeSpan elapsed = _time.GetElapsedTime(_measured);
            if (elapsed >= UtilizationWindow)
            {
                TimeSpan used = Environment.CpuUsage.TotalTime;
                _utilization = Math.Clamp((used - _processorTime) / (elapsed * Environment.ProcessorCount), 0, 1);
                (_measured, _processorTime) = (_time.GetTimestamp(), used);
            }

            return new Measurement<double>(_utilization, new KeyValuePair<string, object?>(Attributes.Device, "cpu"));
        }
    }

    /// <summary>How far an attempt was, and when.</summary>
    private sealed record Moment(string Phase, double Fraction, double? Loss, long At);
}
