using System.Text;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;

namespace Sweep.Client.Running;

/// <summary>
/// Failed attempts in lines: failures alike but for their numbers have one line when the first comes, and one at the end for the rest. Not thread-safe.
/// </summary>
internal sealed class FailureLines
{
    private const int MaxNamed = 6;

    private readonly Dictionary<string, Kind> _kinds = new(StringComparer.Ordinal);

    /// <summary>The line to show now; null when others like it were shown.</summary>
    public string? Add(TrialSpec trial, int attempt, AttemptOutcome outcome, string? message)
    {
        string alike = $"{outcome} {WithoutNumbers(message?.Replace(trial.Id, "*", StringComparison.Ordinal) ?? string.Empty)}";
        bool known = _kinds.TryGetValue(alike, out Kind? kind);
        if (kind is null)
            _kinds.Add(alike, kind = new Kind(outcome, message, trial.Id));
        kind.Attempts++;
        if (kind.Ids.Add(trial.Id))
            kind.Trials.Add(trial);
        return known ? null : $"{outcome}: trial {trial.Id} ({TrialWords.Of(trial)}), attempt {attempt}: {message}";
    }

    /// <summary>One line for each kind of failure that more than one line could have been shown for, since the last call.</summary>
    public IReadOnlyList<string> Rest()
    {
        string[] lines = [.. _kinds.Values.Where(k => k.Attempts > 1).Select(Line)];
        _kinds.Clear();
        return lines;
    }

    private static string Line(Kind kind)
    {
        string attempts = $"{kind.Attempts} attempts";
        if (kind.Trials.Count == 1)
            return $"{kind.Outcome}, {attempts} of trial {kind.First}: {kind.Message}";
        string more = kind.Trials.Count > MaxNamed ? $"; {kind.Trials.Count - MaxNamed} more" : string.Empty;
        return $"{kind.Outcome}, {(kind.Attempts == kind.Trials.Count ? string.Empty : $"{attempts} of ")}{kind.Trials.Count} trials "
            + $"({string.Join("; ", kind.Trials.Take(MaxNamed).Select(TrialWords.Of))}{more}): {kind.Message}";
    }

    /// <summary>With one sign in place of each row of digits.</summary>
    private static string WithoutNumbers(string message)
    {
        var text = new StringBuilder(message.Length);
        foreach (char c in message)
        {
            if (!char.IsAsciiDigit(c))
                text.Append(c);
            else if (text.Length == 0 || text[^1] != '#')
                text.Append('#');
        }

        return text.ToString();
    }

    private sealed class Kind(AttemptOutcome outcome, string? message, string first)
    {
        public AttemptOutcome Outcome => outcome;

        public string? Message => message;

        public string First => first;

        public int Attempts { get; set; }

        public HashSet<string> Ids { get; } = new(StringComparer.Ordinal);

        public List<TrialSpec> Trials { get; } = [];
    }
}
