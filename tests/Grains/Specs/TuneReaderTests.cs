using System.Text.Json.Nodes;
using Sweep.Grains.Specs;
using Xunit;

namespace Sweep.Tests.Grains.Specs;

/// <summary><c>tune</c>: what it means, which trials it has, and what is refused.</summary>
public sealed class TuneReaderTests
{
    private const string Axes = """
        sweep: s
        seeds: [4, 2, 3]
        axes:
          dataset: ring
          preprocessing: [none, standardize]
          width: [8, 16]

        """;

    private const string Rates = "over: {training.learning_rate: {from: 1e-4, to: 1e-1, scale: log}}";

    [Fact]
    public void All_WhenArmsAreTuned_HasWhatIsComparedThenEachArmWithTheSameSettingsOnSeedsOfItsOwn()
    {
        SweepSpec spec = FakeCatalogue.Valid($"{Axes}tune: {{{Rates}, trials: 8, seeds: [1000, 1001]}}\n");
        TrialSpec[] compared = [.. TrialExpansion.Expand(spec)], all = [.. TrialExpansion.All(spec)];
        TrialSpec[] tuning = all[compared.Length..];

        Assert.Equal((12, 76, 76L, 12L), (compared.Length, all.Length, spec.TrialCount, spec.ComparedCount));
        Assert.Equal(["preprocessing", "width"], spec.Tune!.Per);
        Assert.Equal(("sobol", "log_likelihood", 1), (spec.Tune.Method, spec.Tune.Metric, spec.Tune.Repeats));
        Assert.Equal([4L, 2, 3], compared.Take(3).Select(t => t.Seed));
        Assert.All(compared, t => Assert.False(spec.IsTuning(t)));
        Assert.All(tuning, t => Assert.True(spec.IsTuning(t)));
        Assert.All(tuning, t => Assert.Equal(TrialIdentity.Of(t), t.Id));
        Assert.Equal(76, all.Select(t => t.Id).Distinct().Count());

        // Equal settings for every arm, spread over the range; each with both seeds.
        ILookup<(string, int), double> arms = tuning.ToLookup(t => (t.Preprocessing.Name, t.Network.Width), t => t.Training.LearningRate);
        Assert.Equal(4, arms.Count);
        Assert.All(arms, a => Assert.Equal(arms.First(), a));
        Assert.Equal((16, 8), (arms.First().Count(), arms.First().Distinct().Count()));
        Assert.Equal(8, arms.First().Count(r => r < Math.Sqrt(1e-5)));
        Assert.Equal([1000L, 1001], tuning.Select(t => t.Seed).Distinct());

        // Nothing of what is compared has a setting yet, so nothing has its id.
        Assert.All(compared, t => Assert.NotEqual(TrialIdentity.Of(t), t.Id));
        Assert.All(compared, t => Assert.Equal("to be tuned", t.Axes["training.learning_rate"]!.GetValue<string>()));
        Assert.Equal(4, compared.Select(t => t.Group).Distinct().Count());
        Assert.Equal(32, tuning.Select(t => t.Group).Distinct().Count());
    }

    [Fact]
    public void Expand_WhenSettingsWereChosen_HasThoseOfEachArm()
    {
        SweepSpec spec = FakeCatalogue.Valid($"{Axes}tune: {{{Rates}, per: preprocessing, trials: 8, seeds: [1000]}}\n");
        TunePlan plan = TunePlan.Of(spec)!;
        SweepSpec tuned = Restored(spec with { Resolved = TunedChoices.With(spec.Resolved, new TunedChoices([[5, 2]])) });
        TrialSpec[] before = [.. TrialExpansion.All(spec)], after = [.. TrialExpansion.All(tuned)];

        Assert.Equal(spec.Id, tuned.Id);
        Assert.Equal((2, 4), (plan.Arms, plan.Groups));
        Assert.Equal(before.Skip(12).Select(t => t.Id), after.Skip(12).Select(t => t.Id));
        Assert.Empty(before.Take(12).Select(t => t.Id).Intersect(after.Select(t => t.Id)));
        Assert.All(after, t => Assert.Equal(TrialIdentity.Of(t), t.Id));
        Assert.Equal(before.Select(t => (t.Seed, t.Preprocessing.Name, t.Network.Width)), after.Select(t => (t.Seed, t.Preprocessing.Name, t.Network.Width)));
        Assert.All(after.Take(12), t => Assert.Equal(
            plan.Settings[0][t.Preprocessing.Name == "none" ? 5 : 2][0].GetValue<double>(), t.Training.LearningRate));
        Assert.All(after, t => Assert.Equal(t.Training.LearningRate, t.Axes["training.learning_rate"]!.GetValue<double>()));
        Assert.Equal(before.Take(12).Select(t => t.Group), after.Take(12).Select(t => t.Group));

        // They are what an ordinary sweep with these settings has.
        TrialSpec[] plain = [.. TrialExpansion.Expand(FakeCatalogue.Valid(
            Axes.Replace("[none, standardize]", "standardize", StringComparison.Ordinal)
                + $"training: {{learning_rate: {after[11].Training.LearningRate:R}}}\n"))];
        Assert.Equal(plain.Select(t => t.Id), after[6..12].Select(t => t.Id));
    }

    [Fact]
    public void Expand_WhenTuningIsRepeated_HasEachSeedConfirmATuningOfItsOwn()
    {
        SweepSpec spec = FakeCatalogue.Valid($"{Axes}tune: {{{Rates}, per: [width, preprocessing], trials: 4, seeds: [10, 11, 12, 13, 14, 15], repeats: 3}}\n");
        TunePlan plan = TunePlan.Of(spec)!;
        SweepSpec tuned = Restored(
            spec with { Resolved = TunedChoices.With(spec.Resolved, new TunedChoices([[0, 0, 0, 0], [1, 1, 1, 1], [2, 2, 2, 3]])) });
        TrialSpec[] all = [.. TrialExpansion.All(tuned)];

        Assert.Equal(12 + (4 * 4 * 6), all.Length);
        Assert.Equal(3, plan.Settings.Select(s => s[0][0].GetValue<double>()).Distinct().Count());
        for (int group = 0; group < 4; group++)
        {
            TrialSpec[] seeds = all[(group * 3)..((group * 3) + 3)];
            Assert.Single(seeds.Select(t => t.Group).Distinct());
            Assert.Equal(Enumerable.Range(0, 3).Select(r => plan.Settings[r][r == 2 && group == 3 ? 3 : r][0].GetValue<double>()),
                seeds.Select(t => t.Training.LearningRate));
        }

        // Each number is that of its place, and back.
        for (int ordinal = 0; ordinal < all.Length; ordinal++)
        {
            if (plan.At(ordinal) is not { } place)
            {
                Assert.True(ordinal < 12);
                continue;
            }

            Assert.Equal(ordinal, plan.OrdinalOf(place));
            Assert.Equal((plan.Settings[place.Repeat][place.Setting][0].GetValue<double>(), plan.SeedsOf(place.Repeat).ElementAt(place.Seed)),
                (all[ordinal].Training.LearningRate, all[ordinal].Seed));
            Assert.Equal(all[place.Group * 3].Network.Width, all[ordinal].Network.Width);
            Assert.Equal(all[place.Group * 3].Preprocessing.Name, all[ordinal].Preprocessing.Name);
        }
    }

    [Fact]
    public void All_WhenAnEstimatorSuggests_KnowsTheFirstSettingsAndOthersAsItSuggestsThem()
    {
        SweepSpec spec = FakeCatalogue.Valid($"{Axes}tune: {{{Rates}, per: preprocessing, method: tpe, batch: 3, trials: 15, seeds: [10]}}\n");
        Assert.Equal((10, 3), (spec.Tune!.First, spec.Tune.Stages));
        Assert.Equal([1, 1, 2, 2, 3, 3], new[] { 0, 9, 10, 12, 13, 14 }.Select(spec.Tune.StageOf));
        Assert.Equal([10, 13, 15], new[] { 1, 2, 3 }.Select(spec.Tune.KnownAfter));
        TrialSpec[] before = [.. TrialExpansion.All(spec)];
        Assert.Equal(12 + (4 * 15), before.Length);
        Assert.Equal(before.Length, before.Select(t => t.Id).Distinct().Count());
        Assert.Equal(4 * 10, before.Skip(12).Count(t => TrialIdentity.Of(t) == t.Id));

        // Each arm has its own from there on.
        JsonNode[][] Of(params double[] rates) => [.. rates.Select(r => new JsonNode[] { JsonValue.Create(r) })];
        TunedSuggestions suggestions = new([[Of(0.001, 0.002, 0.003), Of(0.01, 0.02, 0.03)]]);
        SweepSpec later = Restored(spec with { Resolved = TunedSuggestions.With(spec.Resolved, suggestions) });
        TrialSpec[] after = [.. TrialExpansion.All(later)];
        Assert.Equal(spec.Id, later.Id);
        Assert.Equal(4 * 13, after.Skip(12).Count(t => TrialIdentity.Of(t) == t.Id));
        Assert.Equal(before.Take(12).Select(t => t.Id), after.Take(12).Select(t => t.Id));
        TunePlan plan = TunePlan.Of(later)!;
        Assert.Equal([0.002, 0.002, 0.02, 0.02], Enumerable.Range(0, 4).Select(
            g => after[plan.OrdinalOf(new TuningPlace(0, g, 11, 0))].Training.LearningRate));
        SweepSpec chosen = Restored(later with { Resolved = TunedChoices.With(later.Resolved, new TunedChoices([[12, 3]])) });
        Assert.All(TrialExpansion.Expand(chosen), t => Assert.Equal(
            t.Preprocessing.Name == "none" ? 0.003 : plan.Settings[0][3][0].GetValue<double>(), t.Training.LearningRate));
    }

    /// <summary>Rows that tune are none of those that confirm.</summary>
    [Fact]
    public void All_OfFiniteData_HoldsOutTheSameRowsAndTunesOnOthers()
    {
        SpecReading reading = SpecReader.ReadText(
            "sweep: s\nseeds: 2\naxes:\n  dataset: [digits, gmm-ring]\n  preprocessing: [none, standardize]\n"
            + $"tune: {{{Rates}, trials: 2, seeds: [9], metric: energy_distance}}\n", "s.yaml", Path.GetTempPath(), SpecCatalogue.Default);
        Assert.Empty(reading.Errors);
        TrialSpec[] all = [.. TrialExpansion.All(reading.Spec!)];

        string? Split(TrialSpec trial) => trial.Dataset.Parameters["split"]?.GetValue<string>();
        Assert.All(all, t => Assert.Equal(
            t.Dataset.Kind == "gmm-ring" ? null : reading.Spec!.IsTuning(t) ? "validation" : "held-out", Split(t)));
        Assert.Null(reading.Spec!.Resolved["axes"]!["dataset"]![0]!["parameters"]!["split"]);
    }

    [Theory]
    [InlineData("tune:", "tune: nothing in it; allowed: over, per, method, batch, trials, seeds, metric, seed or repeats")]
    [InlineData("tune: 5", "tune: 5; allowed: a mapping with over, per,")]
    [InlineData($"tune: {{{Rates}}}", "no tune.seeds; allowed: a list of seeds that are none of the sweep's, as [1000, 1001]")]
    [InlineData("tune: {seeds: [9]}", "no tune.over; allowed: keys of network, training and sampling with ranges or lists, as {training.learning_rate: ")]
    [InlineData("tune: {seeds: [9], over: 3}", "tune.over: 3; allowed: keys of network")]
    [InlineData($"tune: {{{Rates}, seeds: 2}}", "tune.seeds: 2; allowed: a list of seeds that are none of the sweep's")]
    [InlineData($"tune: {{{Rates}, seeds: [9, 9]}}", "duplicate value in tune.seeds: 9")]
    [InlineData($"tune: {{{Rates}, seeds: [9, 3, 4]}}", "tune.seeds: 3, 4 among the sweep's seeds; allowed: seeds that confirm nothing")]
    [InlineData($"tune: {{{Rates}, seeds: [9], trials: 1}}", "tune.trials: 1; allowed: a whole number from 2 to 10000")]
    [InlineData($"tune: {{{Rates}, seeds: [9], method: grid}}", "tune.method: grid; allowed: sobol, random, tpe")]
    [InlineData($"tune: {{{Rates}, seeds: [9], budget: 3}}", "unknown key in tune: budget; allowed: over, per, method")]
    [InlineData($"tune: {{{Rates}, seeds: [9], per: dataset}}", "tune.per: dataset, which doesn't vary; allowed: preprocessing, width")]
    [InlineData($"tune: {{{Rates}, seeds: [9], per: [colour]}}", "tune.per: colour; allowed: preprocessing, width")]
    [InlineData($"tune: {{{Rates}, seeds: [9], per: [width, width]}}", "tune.per: width twice; allowed: each axis once")]
    [InlineData($"tune: {{{Rates}, seeds: [9], per: width}}", "tune.per: without preprocessing, whose values are compared; allowed: with it")]
    [InlineData($"tune: {{{Rates}, seeds: [9], metric: colour}}", "tune.metric: colour; allowed: ")]
    [InlineData($"tune: {{{Rates}, seeds: [9], metric: training_loss@40000}}", "tune.metric: training_loss@40000 is beyond the last training step, 4000")]
    [InlineData($"tune: {{{Rates}, seeds: [9], metric: total_correlation}}", "tune.metric: total_correlation needs diagnostics.total_correlation")]
    [InlineData($"tune: {{{Rates}, seeds: [9], repeats: 2}}", "tune.repeats: 2; allowed: 1, or 3 as the sweep has seeds")]
    [InlineData($"tune: {{{Rates}, seeds: [9, 8], repeats: 3}}", "tune.seeds: 2 for 3 repeats; allowed: as many for each, 3 or 6 or …")]
    [InlineData($"tune: {{{Rates}, seeds: [9], batch: 2}}", "tune.batch: beside method sobol; allowed: only with method: tpe")]
    [InlineData($"tune: {{{Rates}, seeds: [9], method: tpe, batch: 0}}", "tune.batch: 0; allowed: a whole number from 1 to 10000")]
    [InlineData("tune: {seeds: [9], over: {learning_rate: {from: 1, to: 2}}}", "unknown key in tune.over: learning_rate")]
    [InlineData("tune: {seeds: [9], over: {width: [8, 16]}}", "unknown key in tune.over: width")]
    [InlineData("tune: {seeds: [9], over: {training.learning_rate: 0.1}}", "tune.over.training.learning_rate: one value; allowed: a range, or a list of")]
    [InlineData("tune: {seeds: [9], over: {training.learning_rate: {from: 1}}}", "tune.over.training.learning_rate: no to")]
    [InlineData("tune: {seeds: [9], over: {training.batch: [32, 64, 128]}}", "tune.trials: 16, and there are 3 different settings; allowed: at most 3")]
    [InlineData($"tune: {{{Rates}, seeds: [9]}}\ntraining: {{learning_rate: 0.1}}", "given twice: training.learning_rate on line 8, and tune.over.training.")]
    [InlineData($"tune: {{{Rates}, seeds: [9]}}\nsearch: {{groups: 4}}", "tune: beside a search, whose settings differ in all axes at once; allowed: one of")]
    [InlineData("tune: {seeds: [9], over: {training.warmup_steps: {from: 1, to: 5000}}}", "training.warmup_steps: *; allowed: at most training.steps, 4000")]
    [InlineData($"tune: {{{Rates}, seeds: [9], trials: 10000, method: random}}\nnetwork: {{hidden_layers: 4}}\ntraining: {{steps: 30}}")]
    public void Read_WhenTuningIsWrong_SaysWhatIsAllowed(string lines, params string[] messages)
    {
        SpecReading reading = FakeCatalogue.Read($"{Axes}{lines}\n");
        Assert.Equal(messages.Length == 0, reading.IsValid);
        Assert.True(messages.Length == reading.Errors.Count, string.Join('\n', reading.Errors));
        Assert.All(messages.Zip(reading.Errors), m =>
        {
            string[] parts = m.First.Split('*');
            Assert.StartsWith(parts[0], m.Second.Message, StringComparison.Ordinal);
            Assert.Contains(parts[^1], m.Second.Message, StringComparison.Ordinal);
        });
    }

    [Theory]
    [InlineData("seeds: {looks: [3, 5]}\naxes: {dataset: gmm-ring, preprocessing: [none, standardize]}", "tune: beside seeds.looks, as a race's looks")]
    [InlineData("axes: {dataset: [gmm-ring, moons], preprocessing: [none, standardize]}", "tune.per: without dataset, which varies; allowed: with it")]
    [InlineData("axes: {dataset: gmm-ring, preprocessing: [none, standardize], training.learning_rate: [1, 2]}",
        "tune.over.training.learning_rate: it is an axis too, on line 2; allowed: one of them")]
    [InlineData("axes: {dataset: gmm-ring, preprocessing: [none, whiten], variant: [{name: a, training.learning_rate: 1}, {name: b, training.batch: 9}]}",
        "tune.over.training.learning_rate: variant a sets it; allowed: a key that no variant sets")]
    [InlineData("axes: {dataset: {kind: digits, split: validation}, preprocessing: [none, standardize]}",
        "dataset digits: split: validation beside tune, which tunes on such rows by itself; allowed: no split")]
    public void Read_WhenTuningDoesNotFitTheSpec_SaysWhy(string lines, string message)
    {
        SpecReading reading = SpecReader.ReadText(
            $"sweep: s\n{lines}\ntune: {{{Rates}, seeds: [9], per: preprocessing}}\n", "s.yaml", Path.GetTempPath(), SpecCatalogue.Default);
        Assert.StartsWith(message, Assert.Single(reading.Errors).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Between_WhenTuningDiffers_NamesWhatDiffersAndComparesOtherwise()
    {
        SweepSpec a = FakeCatalogue.Valid($"{Axes}tune: {{{Rates}, seeds: [9]}}\n");
        SweepSpec b = FakeCatalogue.Valid($"{Axes}tune: {{{Rates}, seeds: [9], trials: 8}}\n");
        Assert.Equal(["tune.trials: 16 → 8"], SpecDifference.Between(a.Resolved, b.Resolved));
        Assert.False(SpecDifference.ComparesAlike(a.Resolved, b.Resolved));
        Assert.NotEqual(a.Id, b.Id);
    }

    private static SweepSpec Restored(SweepSpec spec) => SweepSpecJson.Restore(spec.Resolved.ToJsonString(), spec.Source);
}
