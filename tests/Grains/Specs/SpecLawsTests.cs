using FsCheck;
using FsCheck.Fluent;
using Sweep.Grains.Specs;
using Xunit;

namespace Sweep.Tests.Grains.Specs;

/// <summary>Laws of reading and expanding, on random specs.</summary>
public sealed class SpecLawsTests
{
    private static readonly string[][] Choices =
    [
        ["dataset: [ring]", "dataset: [ring, {kind: ring, name: NAME, std: 1e-2}]",
            "dataset: [ring, {kind: ring, name: NAME, components: 3}, {kind: gmm, weights: [1, 2]}]"],
        ["preprocessing: [none]", "preprocessing: [whiten, {kind: gaussianize, name: NAME, layers: 2}]",
            "preprocessing: [none, whiten, standardize, gaussianize]"],
        ["schedule: vp-linear", "schedule: [vp-linear, vp-cosine, {kind: vp-linear, name: NAME, beta_max: 10}]"],
        ["width: [8]", "width: [32, 8, 64, 16]"],
        ["training.learning_rate: [1e-3]", "training.learning_rate: [0.001, 3e-4, 1.0]"],
        ["training.steps: [50, 4000]", "training.steps: 400"],
        ["sampling.sampler: [ddim, {kind: ddim, name: NAME, eta: 1}]", "sampling.sampler: [ddpm]"],
    ];

    private static readonly Gen<int[]> Picks =
        Gen.CollectToSequence(Choices.Select(c => Gen.Choose(0, c.Length - 1))).Select(p => p.ToArray());

    [Fact]
    public void Expand_Always_MakesTheProductWithUniqueIdsEachGroupHavingEverySeed() =>
        Prop.ForAll(Picks.ToArbitrary(), picks =>
        {
            var spec = FakeCatalogue.Valid(Text(picks, "other", reverse: false));
            var trials = TrialExpansion.Expand(spec).ToList();
            Assert.Equal(spec.TrialCount, trials.Count);
            Assert.Equal(trials.Count, trials.Select(t => t.Id).Distinct(StringComparer.Ordinal).Count());
            Assert.All(trials.GroupBy(t => t.Group, StringComparer.Ordinal), g => Assert.Equal(spec.Seeds, g.Select(t => t.Seed)));
            Assert.All(trials, t => Assert.Equal(t.Group, TrialIdentity.Group(t.Axes)));
            Assert.All(trials, t => Assert.Equal(t.Id, TrialIdentity.Of(t)));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Expand_WhenAxesAndKeysAreWrittenInAnotherOrder_IsTheSame() =>
        Prop.ForAll(Picks.ToArbitrary(), picks =>
        {
            var (a, b) = (FakeCatalogue.Valid(Text(picks, "other", reverse: false)), FakeCatalogue.Valid(Text(picks, "other", reverse: true)));
            Assert.Equal(a.Id, b.Id);
            Assert.Equal(TrialExpansion.Expand(a).Select(TrialSpecJson.Write), TrialExpansion.Expand(b).Select(TrialSpecJson.Write));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Expand_WhenOnlyLabelsChange_KeepsEveryId() =>
        Prop.ForAll(Picks.ToArbitrary(), picks =>
        {
            var (a, b) = (FakeCatalogue.Valid(Text(picks, "other", reverse: false)), FakeCatalogue.Valid(Text(picks, "renamed", reverse: false)));
            Assert.Equal(TrialExpansion.Expand(a).Select(t => t.Id), TrialExpansion.Expand(b).Select(t => t.Id));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void ReadText_WhateverTheText_AnswersWithASpecOrErrorsOfOneCleanLineEach()
    {
        var whole = Text([2, 1, 1, 1, 1, 0, 0], "other", reverse: false);
        var inserts = new[] { "[", "]", "{", "}", ":", "-", "&a ", "*a", "!", "!!", "? ", "\t", "\n", "'", "\"", "|", ">", "%", "@", "#", ",", "\0",
            "\u001b[31m", "é", "\ud800", "---", "...", "<<: ", "1e999", "  " };
        var edit =
            from at in Gen.Choose(0, whole.Length)
            from cut in Gen.Choose(0, 12)
            from insert in Gen.Elements(inserts)
            select (at, cut, insert);
        var edits = Gen.ListOf(edit).Resize(4);
        Prop.ForAll(edits.ToArbitrary(), list =>
        {
            var text = whole;
            foreach (var (at, cut, insert) in list)
            {
                var start = Math.Min(at, text.Length);
                text = text.Remove(start, Math.Min(cut, text.Length - start)).Insert(start, insert);
            }

            var reading = FakeCatalogue.Read(text);
            Assert.Equal(reading.IsValid, reading.Errors.Count == 0);
            Assert.All(reading.Errors, e => Assert.DoesNotContain(e.Message, char.IsControl));
            Assert.All(reading.Errors, e => Assert.InRange(e.Line, 1, text.Split('\n').Length + 1));
            Assert.All(reading.Errors, e => Assert.Contains("allowed: ", e.Message, StringComparison.Ordinal));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));
    }

    private static string Text(int[] picks, string name, bool reverse)
    {
        var axes = Choices.Select((choices, i) => "  " + choices[picks[i]].Replace("NAME", name, StringComparison.Ordinal));
        string[] parts =
        [
            "sweep: laws\n", "seeds: [7, 2, 5]\n",
            "axes:\n" + string.Join('\n', reverse ? axes.Reverse() : axes) + "\n",
            reverse ? "sampling: {samples: 100, steps: 20}\n" : "sampling: {steps: 20.0, samples: 1e2}\n",
            "network: {hidden_layers: 2}\n",
        ];
        return string.Concat(reverse ? parts.Reverse() : parts);
    }
}
