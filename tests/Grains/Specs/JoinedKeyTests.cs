using FsCheck;
using FsCheck.Fluent;
using Sweep.Grains.Specs;
using Xunit;

namespace Sweep.Tests.Grains.Specs;

/// <summary>A key that joined changes nothing that was there before: laws, on every such key, alone and together.</summary>
public sealed class JoinedKeyTests
{
    /// <summary>The trial of Data/trial-v1.json, as a spec of then.</summary>
    private const string First = """
        sweep: first
        seeds: [0]
        axes:
          dataset: {kind: gmm-product, name: ica4, dimensions: 4}
          width: 8
        """;

    private static readonly (SpecSection Section, SpecKey Key)[] Joined =
        [.. SpecSections.All.SelectMany(s => s.Keys.Where(k => k.Joined).Select(k => (s, k)))];

    /// <summary>How each key is written: not at all, in its section, as an axis of its default, as an axis of its default and another value.</summary>
    private static readonly Gen<How[]> Ways = Gen.CollectToSequence(Joined.Select(_ => Gen.Elements(Enum.GetValues<How>()))).Select(w => w.ToArray());

    private enum How
    {
        Silent,
        Key,
        Axis,
        Varied,
    }

    [Fact]
    public void Expand_WhenJoinedKeysAreAtTheirDefaultsHoweverWritten_GivesTheIdsOfBefore() =>
        Prop.ForAll(Ways.ToArbitrary(), ways =>
        {
            var before = TrialExpansion.Expand(Valid(Text(Joined.Select(_ => How.Silent)))).ToList();
            var after = TrialExpansion.Expand(Valid(Text(ways))).ToList();
            // Where axes vary, the trials at the defaults are among the others; those are the ones whose records say nothing of the keys.
            Assert.Equal(after.Count, after.Select(t => t.Id).Distinct(StringComparer.Ordinal).Count());
            Assert.All(after, t => Assert.Equal(t.Id, TrialIdentity.Of(t)));
            Assert.All(after, t => Assert.Equal(t.Id, TrialIdentity.Of(TrialSpecJson.Read(TrialSpecJson.Write(t)))));
            var plain = after.Where(t => before.Exists(b => Same(b.Training, t.Training) && Same(b.Sampling, t.Sampling) && Same(b.Network, t.Network)));
            Assert.Equal(before.Select(t => t.Id), plain.Select(t => t.Id));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void ReadText_WhenJoinedKeysAreWrittenAtTheirDefaults_LeavesTheSweepAsItWas() =>
        Prop.ForAll(Ways.ToArbitrary(), ways =>
        {
            var before = Valid(Text(Joined.Select(_ => How.Silent)));
            var after = Valid(Text(ways.Select(w => w == How.Silent ? How.Silent : How.Key)));
            Assert.Equal(before.Id, after.Id);
            Assert.Empty(SpecDifference.Between(before.Resolved, after.Resolved));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Expand_WhenAnAxisHoldsTheDefault_ShowsItOnTheAxisOnly()
    {
        var trials = TrialExpansion.Expand(Valid(Head()
            + "  training.weighting: [unit, edm]\n  sampling.grid: [native, karras, {kind: karras, name: three, rho: 3}]\n")).ToList();
        Assert.Equal(["unit", "edm"], trials.Select(t => t.Axes["training.weighting"]!.GetValue<string>()).Distinct());
        Assert.Equal([null, "edm"], trials.Select(t => t.Training.Weighting).Distinct());
        Assert.Equal(["native", "karras", "three"], trials.Take(3).Select(t => t.Axes["sampling.grid"]!.GetValue<string>()));
        Assert.Equal([null, "karras", "three"], trials.Take(3).Select(t => t.Sampling.Grid?.Name));
    }

    [Fact]
    public void Expand_WhenAConditionDoesNotHold_LeavesTheKeyOut()
    {
        var trials = TrialExpansion.Expand(Valid(Head() + "  training.noise_distribution: [uniform-t, log-normal]\ntraining: {noise_mean: 0.5}\n")).ToList();
        Assert.Equal([null, 0.5], trials.Select(t => t.Training.NoiseMean));
        Assert.Equal(TrialExpansion.Expand(Valid(Head())).Single().Id, trials[0].Id);
    }

    [Fact]
    public void Expand_WhenTheFirstVersionsSampleIsSpelledOut_GivesItsId()
    {
        const string Sections = """

            network: {hidden_layers: 2}
            training: {learning_rate: 1e-2, noise_distribution: uniform-t, weighting: unit}
            sampling: {grid: native}
            """;
        Assert.Equal("4c2a3834b1772716", Assert.Single(TrialExpansion.Expand(Valid(First + Sections))).Id);
    }

    private static bool Same<T>(T a, T b)
        where T : class =>
            string.Equals(CanonicalJson.WriteIdentity(TrialSpecJson.ToJson(a)), CanonicalJson.WriteIdentity(TrialSpecJson.ToJson(b)), StringComparison.Ordinal);

    private static SweepSpec Valid(string text)
    {
        var reading = SpecReader.ReadText(text, "spec.yaml", Path.GetTempPath(), SpecCatalogue.Default);
        Assert.Empty(reading.Errors);
        return reading.Spec!;
    }

    private static string Head() => First + "\n  schedule: edm\n";

    /// <summary>Keys with a condition are written where it holds in every trial, or not at all.</summary>
    private static string Text(IEnumerable<How> ways)
    {
        var axes = new List<string>();
        var keys = SpecSections.All.ToDictionary(s => s.Name, _ => new List<string>(), StringComparer.Ordinal);
        foreach (var ((section, key), how) in Joined.Zip(ways))
        {
            if (key.OnlyWith is not null) continue;
            var value = ReadAxis.Text(key.Parameter.DefaultValue!);
            if (how == How.Key) keys[section.Name].Add($"{key.Name}: {value}");
            if (how == How.Axis) axes.Add($"  {section.Name}.{key.Name}: {value}\n");
            // Quantiles need data of one dimension, and the first version's trial has four.
            if (how == How.Varied && key.Name is "initial") axes.Add($"  {section.Name}.{key.Name}: [{value}]\n");
            else if (how == How.Varied) axes.Add($"  {section.Name}.{key.Name}: [{Other(key)}, {value}]\n");
        }

        return Head() + string.Concat(axes) + string.Concat(keys.Where(k => k.Value.Count > 0).Select(k => $"{k.Key}: {{{string.Join(", ", k.Value)}}}\n"));
    }

    /// <summary>A value that is not the default.</summary>
    private static string Other(SpecKey key) =>
        key.Seam switch
        {
            null => key.Parameter.Choices[1],
            "teleport" => "{skip: 0.5}",
            var seam => SpecCatalogue.Default.Of(seam).Names.First(n => n != ReadAxis.Text(key.Parameter.DefaultValue!)),
        };
}
