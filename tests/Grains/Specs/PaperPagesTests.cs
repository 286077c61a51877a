using System.Globalization;
using System.Text.RegularExpressions;
using Sweep.Grains.Specs;
using Sweep.Tests.Client;
using Xunit;

namespace Sweep.Tests.Grains.Specs;

/// <summary>docs/papers against examples/papers: every claim of a sweep stands on its paper's page with a verdict, and the counts are right.</summary>
public sealed class PaperPagesTests
{
    private static readonly string Pages = Path.Combine(SweepProcess.RepositoryRoot, "docs", "papers");

    private static readonly string[] Verdicts = ["supported", "refuted", "undecided", "empty"];

    /// <summary>Every sweep of the papers but the longer variants.</summary>
    public static TheoryData<string> Sweeps { get; } = new(
        Directory.GetFiles(Path.Combine(SweepProcess.RepositoryRoot, "examples", "papers"), "*.yaml").Select(f => Path.GetFileNameWithoutExtension(f))
            .Where(n => !n.EndsWith("-full", StringComparison.Ordinal)).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Sweeps))]
    public void Page_OfASweep_HasAVerdictOfEveryClaimAndItsTrials(string name)
    {
        SweepSpec spec = Spec(name);
        string page = Page(name);
        Assert.All(spec.Expectations, e => Assert.True(Verdict(page, e.Claim) is not null, $"{name}: the page has no verdict, or several, of: {e.Claim}"));
        Assert.Matches($@"\./sweep run examples/papers/{name}\.yaml --expect +# {spec.TrialCount.ToString("N0", CultureInfo.InvariantCulture)} trials", page);
    }

    [Theory]
    [MemberData(nameof(Sweeps))]
    public void Overview_OfASweep_CountsItsVerdicts(string name)
    {
        SweepSpec spec = Spec(name);
        string page = Page(name);
        string[] found = [.. spec.Expectations.Select(e => Verdict(page, e.Claim) ?? "none")];
        string counts = string.Join(", ", Verdicts.Select(v => (Verdict: v, Count: found.Count(f => f == v))).Where(c => c.Count > 0)
            .Select(c => $"{c.Count} {c.Verdict}"));
        string row = Assert.Single(File.ReadAllLines(Path.Combine(Pages, "README.md")), l => l.Contains($"[{name}.yaml]", StringComparison.Ordinal));
        Assert.EndsWith($"| {spec.Expectations.Count} | {counts} |", row, StringComparison.Ordinal);
    }

    /// <summary>A longer variant has other numbers and the same claims.</summary>
    [Theory]
    [MemberData(nameof(Sweeps))]
    public void LongerVariant_OfASweep_HasItsClaimsAndOtherSeeds(string name)
    {
        SweepSpec own = Spec(name), longer = Spec(name + "-full");
        Assert.Equal(own.Expectations.Select(e => e.Claim), longer.Expectations.Select(e => e.Claim));
        Assert.Empty(own.Seeds.Intersect(longer.Seeds));
    }

    private static SweepSpec Spec(string name)
    {
        SpecReading reading = SpecReader.Read(Path.Combine(SweepProcess.RepositoryRoot, "examples", "papers", name + ".yaml"));
        Assert.Empty(reading.Errors);
        return reading.Spec!;
    }

    /// <summary>The page that links to the sweep's paper, with single blanks.</summary>
    private static string Page(string name)
    {
        string file = Directory.GetFiles(Pages, "*.md").Where(f => Path.GetFileName(f) != "README.md")
            .Single(f => File.ReadAllText(f).Contains($"examples/papers/{name}.yaml", StringComparison.Ordinal));
        return string.Join(' ', File.ReadAllText(file).Split(default(char[]), StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>The verdict that stands before a claim, in a table's row or a list; null without exactly one.</summary>
    private static string? Verdict(string page, string claim)
    {
        string entry = $@"\**({string.Join('|', Verdicts)})\**(?: \| |: ){Regex.Escape(claim)}(?: \||\.)";
        MatchCollection found = Regex.Matches(page, entry, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
        return found.Count == 1 ? found[0].Groups[1].Value : null;
    }
}
