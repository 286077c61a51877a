using System.Text;
using Sweep.Grains.Coordination;

namespace Sweep.Client.Dashboard.Api;

/// <summary>Puts attempts that failed for the same reason together: messages that differ in numbers alone are one.</summary>
internal static class FailureGroups
{
    private const int MostGroups = 100, MostExamples = 5, MostSilos = 10, LongestMessage = 600;

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

        return [.. groups.Values.OrderByDescending(g => g.Count).Take(MostGroups).Select(View)];
    }

    private static FailureView View(List<TroubledAttempt> group)
    {
        // Those whose trial is still to be mended come first.
        TroubledAttempt[] ordered = [.. group.OrderByDescending(a => a.State == TrialStatus.Failed)];
        string message = ordered[0].Message ?? "";
        return new FailureView
        {
            Cause = SweepsApi.CauseWord(ordered[0].Outcome),
            Message = message.Length > LongestMessage ? message[..LongestMessage] + "…" : message,
            Count = group.Count,
            TrialsFailed = group.Where(a => a.State == TrialStatus.Failed).Select(a => a.TrialId).Distinct(StringComparer.Ordinal).Count(),
            Trials = [.. ordered.Select(a => a.TrialId).Distinct(StringComparer.Ordinal).Take(MostExamples)],
            Silos = [.. group.Select(a => a.Silo).Distinct(StringComparer.Ordinal).Take(MostSilos)],
        };
    }

    private static string WithoutNumbers(string message)
    {
        StringBuilder text = new(Math.Min(message.Length, LongestMessage));
        foreach (char c in message.AsSpan(0, Math.Min(message.Length, LongestMessage)))
        {
            if (!char.IsAsciiDigit(c))
                text.Append(c);
            else if (text.Length == 0 || text[^1] != '#')
                text.Append('#');
        }

        return text.ToString();
    }
}
