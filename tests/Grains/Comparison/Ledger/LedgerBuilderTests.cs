using Sweep.Client.Report;
using Sweep.Grains.Comparison.Ledger;
using Sweep.Grains.Comparison.Statistics;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;
using Sweep.Tests.Grains.Comparison.Expectations;
using Xunit;

namespace Sweep.Tests.Grains.Comparison.Ledger;

/// <summary>Sweeps of one setting whose energy distance is 1 plus 0.01 times the seed's place: what is a try, what only counts, and what survives.</summary>
public sealed class LedgerBuilderTests
{
    private const string Below2 = "claim: below 2, metric: energy_distance, is: '< 2'", Tiny = "claim: tiny, metric: energy_distance, is: '< 0.9'";

    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Build_WhenClaimsAreStatedBeforehand_TestsThemInTheirOrder()
    {
        LedgerDocument ledger = Build(Sweep("b", "7, 8, 9", 1, [Tiny]), Sweep("a", "0, 1, 2", 0, [Below2]));

        Assert.Equal(["a", "b"], ledger.Sweeps.Select(s => s.Name));
        Assert.Equal([("below 2", true, true), ("tiny", false, false)], ledger.Claims.Select(c => (c.Claim, c.Survives, c.SupportedAlone)));

        // 1, 1.01, 1.02: 0.99 below the bound with a standard error of 0.01 / √3.
        double t = 0.99 * Math.Sqrt(3) / 0.01;
        Assert.Equal(1 - (t / Math.Sqrt(2 + (t * t))), ledger.Tries[0].P, 1e-12);
        Assert.Equal(1, ledger.Tries[1].P);
        Assert.Equal([0.05 * Lond.Weight(1), 0.05 * Lond.Weight(2)], ledger.Tries.Select(x => x.Level));
        Assert.Equal([("refuted", null)], ledger.Tries.Skip(1).Select(x => (x.Verdict, x.Note)));
    }

    [Fact]
    public void Build_WhenTheSameTrialsAreJudgedAgain_CountsThemOnce()
    {
        LedgerDocument ledger = Build(
            Sweep("first", "0, 1, 2, 3", 0, [Below2]), Sweep("renamed", "0, 1, 2, 3", 1, [Below2]), Sweep("some", "1, 3", 2, [Below2]));
        LedgerTry tried = Assert.Single(ledger.Tries);
        Assert.Equal(("first", true), (tried.Sweep, tried.IsDiscovery));
        Assert.Equal(["renamed", "some"], tried.Again);
    }

    [Fact]
    public void Build_WhenTheClaimIsTriedAgainWithMoreSeeds_IsAnotherTryOfTheSameClaim()
    {
        LedgerDocument ledger = Build(
            Sweep("three", "0, 1, 2", 0, [Below2]), Sweep("more", "0, 1, 2, 3, 4", 1, [Below2]), Sweep("fresh", "7, 8, 9", 2, [Below2]));
        Assert.Equal([1, 2, 3], Assert.Single(ledger.Claims).Tries);
        Assert.All(ledger.Tries, t => Assert.True(t is { P: < 1, Note: null }, $"{t.Sweep}: {t.Note}"));
    }

    [Fact]
    public void Build_WhenATryLeavesOutResultsOfAnother_OnlyCountsIt()
    {
        LedgerDocument ledger = Build(Sweep("three", "0, 1, 2", 0, [Below2]), Sweep("chosen", "0, 2, 3", 1, [Below2]));
        Assert.Equal((1, "leaves out some of the results of try 1 and takes others"), (ledger.Tries[1].P, ledger.Tries[1].Note));
    }

    /// <summary>Its store says that nothing had completed; another sweep had the same trials an hour before.</summary>
    [Fact]
    public void Build_WhenAnotherSweepHadTheResultsBefore_TheClaimWasStatedAfterThem()
    {
        LedgerDocument ledger = Build(Sweep("looked", "0, 1, 2", 0, []), Sweep("claims", "0, 1, 2, 3", 1, [Below2]));
        LedgerTry tried = Assert.Single(ledger.Tries);
        Assert.Equal((1, "supported", "stated after results: 3 of its 4 trials had completed in looked"), (tried.P, tried.Verdict, tried.Note));
        Assert.False(ledger.Claims[0].Survives);
        Assert.True(ledger.Claims[0].SupportedAlone);

        // More seeds of what was never predicted are no prediction either; others are.
        LedgerDocument later = Build(
            Sweep("looked", "0, 1, 2", 0, []), Sweep("claims", "0, 1, 2, 3", 1, [Below2]), Sweep("more", "0, 1, 2, 3, 4", 2, [Below2]),
            Sweep("fresh", "7, 8, 9", 3, [Below2]));
        Assert.Equal([true, true, false], later.Tries.Select(t => t.P == 1));
    }

    [Fact]
    public void Build_WhenAClaimCameLate_OnlyCountsIt()
    {
        LedgerTry tried = Assert.Single(Build(Sweep("late", "0, 1, 2", 0, [Below2], completedBefore: 2)).Tries);
        Assert.Equal((1, "stated after results: 2 of 3 trials had completed"), (tried.P, tried.Note));
    }

    [Fact]
    public void Build_WhenAClaimIsWithdrawn_CountsItAsATry()
    {
        LedgerEntry entry = Sweep("s", "0, 1, 2", 0, [Tiny], withdrawn: Below2);
        LedgerDocument ledger = Build(entry);
        Assert.Equal([(1, null), (1, "withdrawn")], ledger.Tries.Select(t => ((int)t.P, t.Note)));
        Assert.Equal(1, ledger.Sweeps[0].Withdrawn);

        // Stated again by the same trials under another name it counts, from when it was first stated.
        Assert.Equal([1, 2], Build(entry, Sweep("t", "0, 1, 2", 1, [Below2])).Tries.Select(t => t.Number));
        Assert.True(Build(entry, Sweep("t", "0, 1, 2", 1, [Below2])).Tries[1].IsDiscovery);
    }

    [Fact]
    public void Build_WhenResultsAreMissing_SaysWhich()
    {
        LedgerTry tried = Assert.Single(Build(Sweep("half", "0, 1, 2", 0, [Below2], done: 2)).Tries);
        Assert.Equal((1, "undecided", "1 of its 3 trials have no result"), (tried.P, tried.Verdict, tried.Note));
    }

    /// <summary>Every false claim is a try, so the same result survives first and not fiftieth.</summary>
    [Fact]
    public void Build_AfterFiftySpecs_AsksForMore()
    {
        LedgerEntry[] failed = [.. Enumerable.Range(0, 49).Select(i => Sweep($"s{i}", $"{100 + (3 * i)}, {101 + (3 * i)}, {102 + (3 * i)}", i, [Tiny]))];
        LedgerEntry last = Sweep("last", "0, 1, 2", 60, ["claim: nearly, metric: energy_distance, is: '< 1.15'"]);
        Assert.True(Build(last).Claims[0].Survives);
        LedgerDocument ledger = Build([.. failed, last]);
        LedgerClaim claim = ledger.Claims[^1];
        Assert.Equal((2, 50, false, true), (claim.Number, claim.Tries[0], claim.Survives, claim.SupportedAlone));
        Assert.Equal(49, ledger.Claims[0].Tries.Count);
        Assert.Contains("tried 50 times. None survives.", LedgerWords.Headline(ledger), StringComparison.Ordinal);
    }

    [Fact]
    public void Build_WhenTheSameWordsAreOfOtherSettings_SaysWhichDiffer()
    {
        LedgerDocument ledger = Build(Sweep("a", "0, 1, 2", 0, [Below2]), Sweep("b", "0, 1, 2", 1, [Below2], steps: 4));
        Assert.Equal([new LedgerSameWords(2, "sampling.steps 4")], ledger.Claims[0].SameWords);
        Assert.Equal([new LedgerSameWords(1, "sampling.steps 3")], ledger.Claims[1].SameWords);
        Assert.Contains(LedgerText.Lines(ledger, 79), line => line.Trim() == "in the same words: claim 2 (sampling.steps 4)");
    }

    [Fact]
    public void Text_WhateverIsInIt_IsNoWiderThanTheTerminal()
    {
        string claim = $"claim: {string.Join(' ', Enumerable.Repeat("word", 60))}, metric: energy_distance, is: '< 2'";
        LedgerDocument ledger = LedgerBuilder.Build(
            "runs", [Sweep("first", "0, 1, 2", 0, [claim, Tiny]), Sweep("second", "0, 1, 2", 1, [Below2])],
            [new LedgerGap("runs/x", "not a store\u001b[31m of ours")], Start);
        string[] lines = [.. LedgerText.Lines(ledger, 79)];
        Assert.All(lines, line => Assert.InRange(line.Length, 0, 79));
        Assert.DoesNotContain(lines, line => line.Any(char.IsControl));
        Assert.Contains(lines, line => line.Contains("this ledger is not whole", StringComparison.Ordinal));
        string markdown = LedgerMarkdown.Of(ledger);
        Assert.Contains(
            "| 2 | tiny | energy_distance &lt; 0.9 | try 2, 2026-01-01 00:00Z, first: refuted, counts as p 1 |", markdown, StringComparison.Ordinal);
        Assert.DoesNotContain(markdown, c => char.IsControl(c) && c != '\n');
    }

    private static LedgerDocument Build(params LedgerEntry[] entries) => LedgerBuilder.Build("runs", entries, [], Start);

    /// <param name="hour">When it was submitted and its claims stated; half an hour later all is done.</param>
    private static LedgerEntry Sweep(
        string name, string seeds, int hour, string[] claims, int completedBefore = 0, string? withdrawn = null, int? done = null,
        int steps = 3)
    {
        SpecReading reading = SpecReader.ReadText(
            $"sweep: {name}\nseeds: [{seeds}]\naxes: {{dataset: gmm-ring, preprocessing: none, schedule: edm, width: 8}}\nsampling: {{steps: {steps}}}\n"
                + $"expect: [{string.Join(", ", claims.Append(withdrawn).OfType<string>().Select(c => $"{{{c}}}"))}]\n",
            "spec.yaml", Path.GetTempPath(), SpecCatalogue.Default);
        Assert.Empty(reading.Errors);
        DateTimeOffset at = Start.AddHours(hour);
        SweepSpec spec = reading.Spec!;
        ExpectationSpec[] stated = [.. spec.Expectations.Select(e => e with { Registered = new(at, completedBefore, spec.TrialCount) })];
        spec = spec with { Expectations = [.. stated.Take(claims.Length)], Withdrawn = [.. stated.Skip(claims.Length)] };
        CompletedTrial[] completed =
        [
            .. TrialExpansion.Expand(spec).Take(done ?? int.MaxValue).Select((t, i) => new CompletedTrial(t, new TrialResult
            {
                Metrics = new Dictionary<string, MetricValue>(StringComparer.Ordinal) { ["energy_distance"] = new(1 + (0.01 * i)) },
                Curves = new Dictionary<string, float[]>(StringComparer.Ordinal),
                Device = "cpu",
            })),
        ];
        return LedgerEntry.Of(
            SyntheticSweepInput.Of(spec, completed), completed.ToDictionary(t => t.Trial.Id, _ => at.AddMinutes(30)), $"runs/{name}", at, "done");
    }
}
