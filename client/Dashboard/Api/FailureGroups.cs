using System.Text;
using Sweep.Grains.Coordination;

namespace Sweep.Client.Dashboard.Api;

/// <summary>Groups failed attempts by cause and message; messages that differ only in numbers count as one.</summary>
internal static class FailureGroups
{
    private const int MaxGroups = 100, MaxExamples = 5, MaxSilos = 10, MaxMessageLength = 600;

    public static IReadOnlyList<FailureView> Of(IEnumerable<TroubledAttempt> troubled)
    {
        Dictionary<(AttemptOutcome, string), List<TroubledAttempt>> groups = [];
        foreach (TroubledAttempt attempt in troubled)
        {
            var key = (attempt.Outcome, WithoutNumbers(attempt.Message ?? ""));
            if (!groups.TryGetValue(key, out List<TroubledAttempt>? group))
                groups[key] = group = [];
            group.Add(attempt);
        }

        return [.. groups.Values.OrderByDescending(g => g.Count).Take(MaxGroups).Select(View)];
    }

    private static FailureView View(List<TroubledAttempt> group)
    {
        // Trials that failed for good first.
        TroubledAttempt[] ordered = [.. group.OrderByDescending(a => a.State == TrialStatus.Failed)];
        string message = ordered[0].Message ?? "";
        return new FailureView
        {
            Cause = SweepsApi.CauseWord(ordered[0].Outcome),
            Message = message.Length > MaxMessageLength ? message[..MaxMessageLength] + "…" : message,
            Count = group.Count,
            TrialsFailed = group.Where(a => a.State == TrialStatus.Failed).Select(a => a.TrialId).Distinct(StringComparer.Ordinal).Count(),
            Trials = [.. ordered.Select(a => a.TrialId).Distinct(StringComparer.Ordinal).Take(MaxExamples)],
            Silos = [.. group.Select(a => a.Silo).Distinct(StringComparer.Ordinal).Take(MaxSilos)],
        };
    }

    private static string WithoutNumbers(string message)
    {
        StringBuilder text = new(Math.Min(message.Length, MaxMessageLength));
        foreach (char c in message.AsSpan(0, Math.Min(message.Length, MaxMessageLength)))
        {
            if (!char.IsAsciiDigit(c))
                text.Append(c);
            else if (text.Length == 0 || text[^1] != '#')
                text.Append('#');
        }

        return text.ToString();
    }
}
