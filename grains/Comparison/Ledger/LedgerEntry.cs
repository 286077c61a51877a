using Sweep.Grains.Comparison.Expectations;
using Sweep.Grains.Comparison.Report;
using Sweep.Grains.Specs;

namespace Sweep.Grains.Comparison.Ledger;

/// <summary>What a ledger takes of one sweep, so that its results need not be kept.</summary>
public sealed class LedgerEntry
{
    private LedgerEntry(LedgerSweep sweep, IReadOnlyDictionary<string, DateTimeOffset> completed, IReadOnlyList<Statement> statements) =>
        (Sweep, Completed, Statements) = (sweep, completed, statements);

    public LedgerSweep Sweep { get; }

    /// <summary>When each trial first completed, by its id.</summary>
    internal IReadOnlyDictionary<string, DateTimeOffset> Completed { get; }

    /// <summary>Claims in the order of the spec, then those withdrawn.</summary>
    internal IReadOnlyList<Statement> Statements { get; }

    /// <param name="input">The sweep's results.</param>
    /// <param name="completed">When each trial first completed, by its id.</param>
    /// <param name="where">Its folder, or the store.</param>
    /// <param name="submitted">When it was.</param>
    /// <param name="state">In a word or two.</param>
    /// <exception cref="ArgumentException">As for <see cref="ReportBuilder.Build"/>.</exception>
    /// <exception cref="InvalidDataException">Likewise.</exception>
    public static LedgerEntry Of(
        ReportInput input, IReadOnlyDictionary<string, DateTimeOffset> completed, string where, DateTimeOffset submitted, string state)
    {
        ArgumentNullException.ThrowIfNull(input);
        SweepSpec spec = input.Spec;
        ReportInput compared = input.Compared();
        TrialTable table = new(spec, compared.Completed);
        ComparisonPlan plan = new(spec);
        (IReadOnlyList<ComparisonSection> comparisons, FamilySection family) = ReportBuilder.Judge(table, spec, plan, input.Looks);
        IReadOnlyList<Statement> statements = spec.Expectations.Count + spec.Withdrawn.Count == 0 ? [] : States(compared, table, plan);
        return new LedgerEntry(
            new LedgerSweep
            {
                Name = spec.Name,
                Id = spec.Id,
                Where = where,
                Submitted = submitted,
                State = state,
                Trials = spec.TrialCount,
                Completed = input.Completed.Count,
                Failed = input.Failed.Count,
                Looks = spec.Race is null ? spec.Looks.Count + 1 : input.Looks.Count,
                Compared = new LedgerComparisons(
                    spec.Compare.Axis, spec.Compare.Baseline, spec.Compare.Metric, family.Comparisons,
                    comparisons.Count(c => c.Family == FamilySection.Primary && c.Verdict != Verdicts.Undecided)),
                Stated = spec.Expectations.Count,
                Supported = statements.Count(s => s.Verdict == ExpectationVerdict.Supported && !s.IsWithdrawn),
                Withdrawn = spec.Withdrawn.Count,
            },
            completed, statements);
    }

    private static List<Statement> States(ReportInput input, TrialTable table, ComparisonPlan plan)
    {
        SweepSpec spec = input.Spec;
        TrialSpec[] trials = [.. TrialExpansion.Expand(spec)];
        ExpectationJudge judge = new(table, input.Failed, SeedLevels.OfClaims(spec, plan, input.Looks));
        ClaimLevels levels = new(input, table);
        List<Statement> statements = [];
        foreach ((ExpectationSpec claim, bool withdrawn) in spec.Expectations.Select(e => (e, false)).Concat(spec.Withdrawn.Select(e => (e, true))))
        {
            bool known = IsKnown(spec, claim);
            statements.Add(new Statement(
                known ? ClaimIdentity.Of(spec, trials, claim) : ClaimIdentity.OfWords(spec, claim), claim, withdrawn,
                known ? judge.Judge(claim) : null, known ? levels.Of(claim) : null));
        }

        return statements;
    }

    /// <summary>Whether the sweep has the axes and values that a claim names: one that was withdrawn may be of an earlier spec.</summary>
    private static bool IsKnown(SweepSpec spec, ExpectationSpec claim)
    {
        bool Has(string axis, IEnumerable<string?> labels) => spec.Axes.FirstOrDefault(a => a.Name == axis) is { } there
            && labels.All(label => label is null || there.Values.Any(v => AxisText.Of(v) == label));
        return claim.Where.All(w => Has(w.Key, w.Value))
            && (claim.Axis is null || Has(claim.Axis, [claim.A, claim.B]))
            && (claim.Along is null || Has(claim.Along, claim.Doses))
            && claim.Controls.All(c => c.Where.All(w => Has(w.Key, [w.Value])) && (claim.Axis is null || Has(claim.Axis, [c.A, c.B])));
    }
}

/// <summary>A claim as one sweep states it.</summary>
/// <param name="Identity">What it says.</param>
/// <param name="Claim">As stated.</param>
/// <param name="IsWithdrawn">Whether the sweep's spec no longer states it.</param>
/// <param name="Judged">As the report judges it; null where the sweep no longer has what it is about.</param>
/// <param name="Level">The least level at which it is supported; null where results are missing.</param>
internal sealed record Statement(ClaimIdentity Identity, ExpectationSpec Claim, bool IsWithdrawn, ExpectationSection? Judged, double? Level)
{
    public string Verdict => Judged?.Verdict ?? ExpectationVerdict.Undecided;
}
