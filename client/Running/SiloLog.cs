using System.Diagnostics;
using System.Globalization;
using Sweep.Client.Terminal;
using Sweep.Grains.Coordination;
using Sweep.Silo;

namespace Sweep.Client.Running;

/// <summary>A silo's doings, a line each, with the time. Thread-safe.</summary>
internal sealed class SiloLog(TextWriter writer, TimeProvider time) : ISiloObserver
{
    private readonly Lock _lock = new();

    public void Write(string line)
    {
        string stamp = time.GetUtcNow().ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        lock (_lock)
            writer.WriteLine($"{stamp} {Words.Clean(line)}");
    }

    public void Started(AttemptProgress attempt)
    {
    }

    public void Ended(AttemptProgress attempt, AttemptOutcome outcome, string? message, TrialResult? result)
    {
        Lease lease = attempt.Lease;
        string took = Words.Duration(time.GetUtcNow() - attempt.Started);
        string why = message is null ? string.Empty : $": {message}";
        string trace = Activity.Current is { } span ? $", trace {span.TraceId}" : string.Empty;
        Write($"{SweepWords.Cause(outcome)} {lease.Trial.Id} ({TrialWords.Of(lease.Trial)}) attempt {lease.Attempt}, {took}{trace}{why}");
    }

    public void Warning(string message) => Write(message);

    public void StoreUnreachable(string message, TimeSpan retryIn) => Write($"{message}; trying again in {retryIn.TotalSeconds:0.#} s");
}
