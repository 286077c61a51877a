using System.Globalization;
using Microsoft.Extensions.Logging;
using Sweep.Grains.Coordination;

namespace Sweep.Silo.Telemetry;

/// <summary>
/// Writes what a silo does to a log that is sent away, and passes it on to another observer. Records have the sweep's, trial's and attempt's ids as attributes,
/// and by the span they are written in the trace's. Attributes are written by name here, since a message template can't have names with dots, which
/// OpenTelemetry's have.
/// </summary>
public sealed class LogObserver(ISiloObserver inner, ILogger logger) : ISiloObserver
{
    public void Started(AttemptProgress attempt)
    {
        inner.Started(attempt);
        ArgumentNullException.ThrowIfNull(attempt);
        Write(LogLevel.Information, "attempt.started", $"attempt {Number(attempt)} of trial {attempt.Lease.Trial.Id} began", Of(attempt));
    }

    public void Ended(AttemptProgress attempt, AttemptOutcome outcome, string? message, TrialResult? result)
    {
        ArgumentNullException.ThrowIfNull(attempt);
        string word = Attributes.Word(outcome);
        LogLevel level = outcome switch
        {
            AttemptOutcome.Failed => LogLevel.Error,
            AttemptOutcome.Lost or AttemptOutcome.OutOfMemory or AttemptOutcome.Stalled => LogLevel.Warning,
            _ => LogLevel.Information,
        };
        Write(
            level, "attempt.ended", $"attempt {Number(attempt)} of trial {attempt.Lease.Trial.Id} ended: {word}{(message is null ? "" : $": {message}")}",
                [.. Of(attempt), new(Attributes.Outcome, word)]);
        inner.Ended(attempt, outcome, message, result);
    }

    public void Warning(string message)
    {
        Write(LogLevel.Warning, "silo.warning", message, []);
        inner.Warning(message);
    }

    public void StoreUnreachable(string message, TimeSpan retryIn)
    {
        Write(LogLevel.Warning, "store.unreachable", message, [new("sweep.retry_in", retryIn.TotalSeconds)]);
        inner.StoreUnreachable(message, retryIn);
    }

    private static string Number(AttemptProgress attempt) => attempt.Lease.Attempt.ToString(CultureInfo.InvariantCulture);

    private static KeyValuePair<string, object?>[] Of(AttemptProgress attempt) =>
    [
        new(Attributes.SweepId, attempt.Lease.SweepId), new(Attributes.TrialId, attempt.Lease.Trial.Id), new(Attributes.Attempt, attempt.Lease.Attempt),
    ];

    private void Write(LogLevel level, string name, string message, IReadOnlyList<KeyValuePair<string, object?>> attributes) =>
        logger.Log(level, new EventId(0, name), attributes, exception: null, (_, _) => message);
}
