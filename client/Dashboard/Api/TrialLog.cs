using Sweep.Grains.Coordination;

namespace Sweep.Client.Dashboard.Api;

/// <summary>A trial's history as the store knows it. A silo's own log has more, by trial id.</summary>
internal static class TrialLog
{
    public static IReadOnlyList<LogLine> Of(TrialDetail detail)
    {
        List<LogLine> lines = [];
        foreach (AttemptRecord attempt in detail.Attempts)
        {
            lines.Add(new LogLine(attempt.Started, "info", $"attempt {attempt.Attempt} started on {attempt.Silo}"));
            if (attempt.Ended is not { } ended)
                continue;
            string message = attempt.Message is null ? "" : $": {attempt.Message}";
            string level = attempt.Outcome switch
            {
                AttemptOutcome.Completed or AttemptOutcome.Preempted or AttemptOutcome.Cancelled => "info",
                AttemptOutcome.Failed => "error",
                _ => "warning",
            };
            lines.Add(new LogLine(ended, level, $"attempt {attempt.Attempt} ended: {SweepsApi.CauseWord(attempt.Outcome).Replace('_', ' ')}{message}"));
        }

        DateTimeOffset? last = detail.Attempts.Count > 0 ? detail.Attempts[^1].Ended : null;
        foreach (string note in detail.Result?.Notes ?? [])
            lines.Add(new LogLine(last, "note", note));
        return lines;
    }
}
