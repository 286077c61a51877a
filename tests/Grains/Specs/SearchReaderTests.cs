using Sweep.Grains.Specs;
using Xunit;

namespace Sweep.Tests.Grains.Specs;

/// <summary>Ranges and <c>search</c>: what they mean, and what is refused.</summary>
public sealed class SearchReaderTests
{
    private const string Axes = """
        sweep: s
        axes:
          dataset: [ring, {kind: ring, name: tight, std: 0.01}]
          preprocessing: [none, standardize]
          width: {from: 8, to: 64, scale: log2}
          training.learning_rate: {from: 1e-4, to: 1e-1, scale: log}

        """;

    [Fact]
    public void Read_WhenASearchIsGiven_HasItsGroupsWithEverySeedOfEach()
    {
        SweepSpec spec = FakeCatalogue.Valid(Axes + "seeds: [4, 2]\nsearch: {method: sobol, groups: 16, seed: 3}\n");
        TrialSpec[] trials = [.. TrialExpansion.Expand(spec)];

        Assert.Equal((32, 32L, "sobol", 16, 3L), (trials.Length, spec.TrialCount, spec.Search!.Method, spec.Search.Groups, spec.Search.Seed));
        Assert.Equal([4L, 2L], trials.Take(2).Select(t => t.Seed));
        Assert.Equal(trials[0].Group, trials[1].Group);
        Assert.Equal(16, trials.Select(t => t.Group).Distinct().Count());
        Assert.Equal(32, trials.Select(t => t.Id).Distinct().Count());
        Assert.All(trials, t => Assert.InRange(t.Training.LearningRate, 1e-4, 1e-1));
        Assert.All(trials, t => Assert.Equal(TrialIdentity.Of(t), t.Id));

        // Lists are dimensions too: of a Sobol sequence half of the points are in each half of each.
        Assert.Equal(16, trials.Count(t => t.Dataset.Name == "tight"));
        Assert.Equal(16, trials.Count(t => t.Preprocessing.Name == "none"));
        Assert.Equal(16, trials.Count(t => t.Training.LearningRate < Math.Sqrt(1e-5)));
        Assert.Equal(trials.Select(t => (long)t.Network.Width).Distinct().Order(),
            spec.Axes.First(a => a.Name == "width").Values.Select(v => v.GetValue<long>()));
    }

    /// <summary>What a store keeps has the range, not its points, and gives the same trials.</summary>
    [Theory]
    [InlineData("{groups: 20}")]
    [InlineData("{method: random, groups: 20, seed: 7}")]
    public void Restore_OfASearch_HasTheSameTrialsInTheSameOrder(string search)
    {
        SweepSpec spec = FakeCatalogue.Valid($"{Axes}search: {search}\n");
        SweepSpec restored = SweepSpecJson.Restore(spec.Resolved.ToJsonString(), spec.Source);

        Assert.Equal(spec.Id, restored.Id);
        Assert.Equal((spec.Search, spec.TrialCount), (restored.Search, restored.TrialCount));
        Assert.Equal(TrialExpansion.Expand(spec).Select(TrialSpecJson.Write), TrialExpansion.Expand(restored).Select(TrialSpecJson.Write));
        Assert.Equal(spec.Axes.Select(a => a.Range), restored.Axes.Select(a => a.Range));
        Assert.Equal("""{"from":0.0001,"to":0.1,"scale":"log"}""", spec.Resolved["axes"]!["training.learning_rate"]!.ToJsonString());
    }

    [Theory]
    [InlineData("sobol")]
    [InlineData("random")]
    public void Expand_WhenGroupsAreAdded_GoesOnWhereFewerEnded(string method)
    {
        string[] few = Ids($"search: {{method: {method}, groups: 10}}"), more = Ids($"search: {{method: {method}, groups: 37}}");
        Assert.Equal(few, more[..few.Length]);
        Assert.NotEqual(few, Ids($"search: {{method: {method}, groups: 10, seed: 1}}"));

        static string[] Ids(string search) => [.. TrialExpansion.Expand(FakeCatalogue.Valid($"{Axes}{search}\nseeds: 2\n")).Select(t => t.Id)];
    }

    /// <summary>However a spec is written, it means the same trials; and ids are stored, so they never change.</summary>
    [Fact]
    public void Expand_OfASearch_HasTheIdsThatItAlwaysHad()
    {
        TrialSpec[] trials = [.. TrialExpansion.Expand(FakeCatalogue.Valid(Axes + "seeds: 1\nsearch: {groups: 3}\n"))];
        Assert.Equal(Pinned, trials.Select(t => $"{t.Id} {t.Dataset.Name} {t.Preprocessing.Name} {t.Network.Width} {t.Training.LearningRate}"));
        SweepSpec other = FakeCatalogue.Valid("""
            search: {seed: 0, groups: 3, method: sobol}
            seeds: 1
            axes:
              training.learning_rate: {to: 0.1, from: 0.0001, scale: log}
              width: {from: 8.0, to: 64, scale: log2, integer: true}
              preprocessing: [none, standardize]
              dataset: [ring, {kind: ring, name: tight, std: 0.01}]
            sweep: s
            """);
        Assert.Equal(trials.Select(t => t.Id), TrialExpansion.Expand(other).Select(t => t.Id));
    }

    private static readonly string[] Pinned =
        ["ef7c35850087be14 ring standardize 9 0.00100294", "bf7590b71743e837 tight none 25 0.0464797", "8c3d8e19fc56bb1c tight standardize 19 0.000408708"];

    [Theory]
    [InlineData("", "axes.width: a range, and there is no search; allowed: beside search: {groups: 64}, or a list of values",
        "axes.training.learning_rate: a range, and there is no search")]
    [InlineData("search: {}", "no search.groups; allowed: a whole number from 1 to 1000000, how many different settings are run")]
    [InlineData("search:", "search: nothing in it; allowed: method, groups and seed")]
    [InlineData("search: 64", "search: 64; allowed: a mapping with method, groups and seed")]
    [InlineData("search: {groups: 0}", "search.groups: 0; allowed: a whole number from 1")]
    [InlineData("search: {groups: 8, method: sobal}", "search.method: sobal (did you mean sobol?); allowed: sobol, random")]
    [InlineData("search: {groups: 8, seed: -1}", "search.seed: -1; allowed: a whole number from 0")]
    [InlineData("search: {groups: 8, trials: 3}", "unknown key in search: trials; allowed: method, groups, seed")]
    [InlineData("search: {groups: 1000000}", "too many trials: 5000000 = 1000000 groups x 5 seeds; allowed: at most 1000000")]
    [InlineData("search: {groups: 8}\nseeds: {looks: [5, 8]}", "seeds.looks: beside a search, which has no pairs to judge; allowed: how many")]
    [InlineData("search: {groups: 8}\ncompare: {axis: preprocessing}", "compare.axis: a search has no two groups that differ in one axis alone")]
    [InlineData("search: {groups: 8}\ncompare: {baseline: none}", "compare.baseline: a search has no two groups that differ in one axis alone")]
    [InlineData("search: {groups: 8}\nexpect: [{claim: c, metric: energy_distance, compare: {preprocessing: [none, standardize]}, is: 'b < a'}]",
        "expect[0].compare: preprocessing is searched, so that no two groups differ in it alone; allowed: compare: {metric: [a, b]}")]
    [InlineData("search: {groups: 8}\nexpect: [{claim: c, metric: energy_distance, along: {preprocessing: [none, standardize]}, is: '< 1'}]",
        "expect[0].along: preprocessing is searched")]
    [InlineData("search: {groups: 8}\nexpect: [{claim: c, metric: energy_distance, where: {width: 8}, is: '< 1'}]",
        "expect[0].where.width: width is a range, whose values are the search's; allowed: axes that are lists")]
    [InlineData("search: {groups: 8}\nexpect: [{claim: c, metric: energy_distance, is: '< 1', control: {where: {preprocessing: none}}}]",
        "expect[0].control.where: preprocessing is searched")]
    [InlineData("search: {groups: 1}\nexpect: [{claim: c, metric: energy_distance, is: '< 1', where: {dataset: ring}}, "
        + "{claim: d, metric: energy_distance, is: '< 1', where: {dataset: tight}}]", "expect: *: where covers none of the 1 groups of the search")]
    public void Read_WhenASearchIsWrong_SaysWhatIsAllowed(string lines, params string[] messages) => Refused(Axes + lines + "\n", messages);

    [Theory]
    [InlineData("width: {from: 8}", "axes.width: no to; allowed: a whole number from 4 to 4096, and from and to both")]
    [InlineData("width: {from: 8, to: 8}", "axes.width: from 8 to 8; allowed: to above from, or one value")]
    [InlineData("width: {from: 64, to: 8}", "axes.width: from 64 to 8; allowed: to above from")]
    [InlineData("width: {from: 8, to: 9000}", "axes.width.to: 9000; allowed: a whole number from 4 to 4096")]
    [InlineData("width: {from: 8, to: 16, integer: false}", "axes.width.integer: false; allowed: true, as width is a whole number")]
    [InlineData("width: {from: 8, to: 16, scale: cubic}", "axes.width.scale: cubic; allowed: linear, log, log2")]
    [InlineData("width: {from: 8, to: 16, step: 2}", "unknown key in axes.width: step; allowed: from, to, scale, integer")]
    [InlineData("training.warmup_steps: {from: 0, to: 16, scale: log}", "axes.training.warmup_steps.from: 0 on scale log; allowed: above 0, or scale linear")]
    [InlineData("training.learning_rate: {from: 0.5, to: 3, integer: true}", "axes.training.learning_rate.from: 0.5; allowed: a whole number, as integer is")]
    [InlineData("network.time_features: {from: 3, to: 16}", "axes.network.time_features.from: 3; allowed: a multiple of 2")]
    [InlineData("network.activation: {from: 3, to: 16}", "axes.network.activation: a range; allowed: a list, as its values are no numbers")]
    [InlineData("preprocessing: {from: 3, to: 16}", "axes.preprocessing: a range; allowed: a list, as its values are no numbers")]
    [InlineData("training.warmup_steps: {from: 50, to: 16000}", "training.warmup_steps: *; allowed: at most training.steps, 4000")]
    public void Read_WhenARangeIsWrong_SaysWhatIsAllowed(string axis, string message) =>
        Refused($"sweep: s\nsearch: {{groups: 64}}\naxes:\n  dataset: ring\n  {axis}\n", message);

    [Theory]
    [InlineData("training: {learning_rate: {from: 1e-4, to: 1e-1}}",
        "training.learning_rate: a range; allowed: one value, or a range as axes.training.learning_rate")]
    [InlineData("network: {width: {from: 8, to: 16}}", "network.width: a range; allowed: one value, or a range as axes.width")]
    public void Read_WhenARangeStandsInASection_SaysWhereItBelongs(string section, string message) =>
        Refused($"sweep: s\nsearch: {{groups: 2}}\naxes: {{dataset: ring, preprocessing: [none, standardize]}}\n{section}\n", message);

    [Fact]
    public void Read_WhenNothingVaries_IsRefused() =>
        Refused("sweep: s\nsearch: {groups: 6}\naxes: {dataset: ring}\n", "search: no axis varies; allowed: beside a range or a list of several values");

    /// <summary>Each setting is run once, so a search of few settings comes to all of them and not to more.</summary>
    [Theory]
    [InlineData("sobol")]
    [InlineData("random")]
    public void Read_WhenThereAreFewSettings_HasEachOnceAndNoMore(string method)
    {
        const string Few = "sweep: s\nseeds: 1\naxes:\n  dataset: ring\n  preprocessing: [none, standardize, whiten]\n  width: {from: 8, to: 12}\n";
        SweepSpec all = FakeCatalogue.Valid($"{Few}search: {{method: {method}, groups: 15}}\n");
        Assert.Equal(15, TrialExpansion.Expand(all).Select(t => (t.Preprocessing.Name, t.Network.Width)).Distinct().Count());
        Refused($"{Few}search: {{method: {method}, groups: 16}}\n",
            "search.groups: 16, and the search finds 15 different settings of these axes; allowed: at most 15, or axes with more values");
    }

    [Fact]
    public void Between_WhenASearchDiffers_NamesWhatDiffers()
    {
        SweepSpec a = FakeCatalogue.Valid(Axes + "search: {groups: 8}\n");
        SweepSpec b = FakeCatalogue.Valid(Axes.Replace("1e-1", "1", StringComparison.Ordinal) + "search: {groups: 9}\n");
        Assert.Equal(["axes.training.learning_rate.to: 0.1 → 1", "search.groups: 8 → 9"], SpecDifference.Between(a.Resolved, b.Resolved));
        Assert.True(SpecDifference.ComparesAlike(a.Resolved, b.Resolved));
    }

    private static void Refused(string text, params string[] messages)
    {
        SpecReading reading = FakeCatalogue.Read(text);
        Assert.Null(reading.Spec);
        Assert.Equal(messages.Length, reading.Errors.Count);
        Assert.All(messages.Zip(reading.Errors), m =>
        {
            string[] parts = m.First.Split('*');
            Assert.StartsWith(parts[0], m.Second.Message, StringComparison.Ordinal);
            Assert.Contains(parts[^1], m.Second.Message, StringComparison.Ordinal);
        });
    }
}
