using System.Globalization;
using Sweep.Grains.Comparison.Ledger;

namespace Sweep.Client.Report;

/// <summary>A ledger in sentences, for terminal and Markdown.</summary>
internal static class LedgerWords
{
    /// <summary>Claims by what became of them, in the order in which they are shown; those without any left out.</summary>
    public static IEnumerable<(string Title, IReadOnlyList<LedgerClaim> Claims)> Parts(LedgerDocument ledger)
    {
        (string, LedgerClaim[])[] parts =
        [
            ("Claims that survive", [.. ledger.Claims.Where(c => c.Survives)]),
            ("Claims supported in some sweep that do not survive", [.. ledger.Claims.Where(c => !c.Survives && c.SupportedAlone)]),
            ("Claims not supported in any sweep", [.. ledger.Claims.Where(c => !c.Survives && !c.SupportedAlone)]),
        ];
        return parts.Where(p => p.Item2.Length > 0).Select(p => (p.Item1, (IReadOnlyList<LedgerClaim>)p.Item2));
    }

    /// <summary>How many of what, and what survives.</summary>
    public static string Headline(LedgerDocument ledger)
    {
        int survive = ledger.Claims.Count(c => c.Survives), any = ledger.Claims.Count(c => c.SurvivesAnyDependence);
        string sweeps = $"{Count(ledger.Sweeps.Count, "sweep")} in {ledger.Of}";
        if (ledger.Sweeps.Count == 0)
            return $"{sweeps}; start one with: sweep run SPEC, or on a cluster: sweep launch SPEC --store URL";
        if (ledger.Claims.Count == 0)
            return $"{sweeps}; none states a claim (expect in a spec, docs/spec.md), so there is nothing to test.";
        string found = survive == 0 ? "None survives." : survive == 1 ? "1 survives" : $"{survive} survive";
        return $"{sweeps}: {Count(ledger.Claims.Count, "claim")}, tried {Times(ledger.Tries.Count)}. "
            + (survive == 0 ? found : $"{found} ({(any == survive ? "also" : any == 0 ? "none" : $"{any} also")} whatever the dependence between tries).");
    }

    /// <summary>What is promised, and what is not.</summary>
    public static IEnumerable<string> Promise(LedgerDocument ledger)
    {
        if (ledger.Tries.Count > 0)
        {
            yield return "A claim survives where p is at most the level of a try (LOND): the expected share of false ones among those that survive is then "
                + "at most 5%, if p-values are independent or positively dependent and everything that was tried is in here. p: the least level at which "
                + "all groups of a claim, and its controls, decide for it; 1 where a try only counts. Levels fall with every try, and rise with what "
                + "survived before (docs/statistics.md).";
        }

        int called = ledger.Sweeps.Sum(s => s.Compared.Called), comparing = ledger.Sweeps.Count(s => s.Compared.Planned > 0);
        if (comparing > 1 && called > 0)
        {
            yield return $"Comparisons are adjusted within their sweep (Holm, 5%) and not over these {comparing}: where nothing differs, "
                + "one sweep in twenty calls some. What is to be relied on, state as a claim.";
        }

        if (ledger.LeftOut.Count > 0)
            yield return "What was left out may have claimed anything: this ledger is not whole, and its levels are too large if it did.";
    }

    /// <summary><c>try 3, 2026-11-30 17:40Z, tiny: supported, p 0.0004 &lt;= level 0.0037</c>.</summary>
    public static string Try(LedgerTry tried)
    {
        string at = tried.Stated is { } stated ? $", {Date(stated.At)}" : "";
        string again = tried.Again is { } names ? $"; judged again in {string.Join(", ", names.Select(n => n == tried.Sweep ? "another run of it" : n))}" : "";
        return $"try {tried.Number}{at}, {tried.Sweep}: {Outcome(tried)}{again}";
    }

    private static string Outcome(LedgerTry tried)
    {
        string note = tried.Note is { } said ? $" ({said})" : "";
        return tried.P >= 1 ? $"{tried.Verdict}, counts as p 1{note}"
            : $"{tried.Verdict}, p {P(tried.P)}{note} {(tried.IsDiscovery ? "<=" : ">")} level {P(tried.Level)}";
    }

    /// <summary>What to know of a claim beside its tries.</summary>
    public static IEnumerable<string> Remarks(LedgerClaim claim)
    {
        if (claim is { Survives: true, SurvivesAnyDependence: false })
            yield return "not at the smaller levels that hold whatever the dependence between tries";
        if (claim.SameWords.Count > 0)
        {
            yield return $"in the same words: {string.Join(", ", claim.SameWords.Select(
                s => s.Settings.Length > 0 ? $"claim {s.Claim} ({s.Settings})" : $"claim {s.Claim}"))}";
        }
    }

    /// <summary>Two digits, small ones too: levels are.</summary>
    public static string P(double p) => p switch
    {
        0 => "0",
        < 1e-3 => p.ToString("0.#e0", CultureInfo.InvariantCulture),
        _ => Math.Round(p, 1 - (int)Math.Floor(Math.Log10(p))).ToString("0.####", CultureInfo.InvariantCulture),
    };

    public static string Date(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);

    /// <summary>What a claim is judged by, and of which settings.</summary>
    public static string Subject(LedgerClaim claim) => claim.About.Length > 0 ? $"{claim.Subject}; {claim.About}" : claim.Subject;

    /// <summary><c>preprocessing by log_likelihood: 12 of 30 called</c>; a dash where nothing was compared.</summary>
    public static string Compared(LedgerSweep sweep) => sweep.Compared.Planned == 0 ? "–"
        : $"{sweep.Compared.Axis} by {sweep.Compared.Metric}: {sweep.Compared.Called} of {sweep.Compared.Planned} called";

    /// <summary><c>2 of 3 supported, 1 withdrawn</c>; a dash for none.</summary>
    public static string Claims(LedgerSweep sweep)
    {
        string[] parts =
        [
            .. sweep.Stated > 0 ? [$"{sweep.Supported} of {sweep.Stated} supported"] : Array.Empty<string>(),
            .. sweep.Withdrawn > 0 ? [$"{sweep.Withdrawn} withdrawn"] : Array.Empty<string>(),
        ];
        return parts.Length == 0 ? "–" : string.Join(", ", parts);
    }

    private static string Count(int number, string what) => $"{number} {what}{(number == 1 ? "" : "s")}";

    private static string Times(int number) => number switch { 1 => "once", 2 => "twice", _ => $"{number} times" };
}
