using Sweep.Grains.Specs;
using Xunit;

namespace Sweep.Tests.Grains.Specs;

public sealed class VariantAxisTests
{
    private const string Spec = """
        sweep: designs
        seeds: [0]
        axes:
          dataset: ring
          width: [8, 16]
          variant:
            - {name: short, training.steps: 20}
            - {name: EDM, training.parametrisation: edm, training.noise_distribution: log-normal, training.noise_mean: -1}
            - {name: plain}
          sampling.steps: [10, 20]
        training: {steps: 400, learning_rate: 1e-2}
        """;

    [Fact]
    public void Expand_WhenVariantsSetKeys_UsesThemInTheirTrialsAlone()
    {
        var spec = FakeCatalogue.Valid(Spec);
        var trials = TrialExpansion.Expand(spec).ToList();

        Assert.Equal(12, trials.Count);
        Assert.Equal(spec.TrialCount, trials.Count);
        Assert.Equal(12, trials.Select(t => t.Id).Distinct().Count());
        Assert.Equal(["dataset", "preprocessing", "schedule", "width", "variant", "sampling.steps"], spec.Axes.Select(a => a.Name));
        Assert.Equal([20, 20, 400, 400, 400, 400], trials.Take(6).Select(t => t.Training.Steps));
        Assert.Equal(["epsilon", "edm", "epsilon"], trials.Take(6).Select(t => t.Training.Parametrisation).Where((_, i) => i % 2 == 0));
        Assert.Equal(-1, trials[2].Training.NoiseMean);
        Assert.Equal("EDM", trials[2].Axes["variant"]!.GetValue<string>());
        Assert.Equal(20, trials[0].Training.WarmupSteps);
    }

    [Fact]
    public void Expand_Always_GivesATrialTheIdItHasWithoutVariants()
    {
        var plain = FakeCatalogue.Valid("""
            sweep: other
            seeds: [0]
            axes: {dataset: ring, width: 8}
            training: {steps: 20, learning_rate: 1e-2}
            sampling: {steps: 10}
            """);

        Assert.Equal(TrialExpansion.Expand(plain).Single().Id, TrialExpansion.Expand(FakeCatalogue.Valid(Spec)).First().Id);
        Assert.All(TrialExpansion.Expand(FakeCatalogue.Valid(Spec)), t => Assert.Equal(TrialIdentity.Of(t), t.Id));
    }

    [Fact]
    public void Restore_WhenASpecHasVariants_GivesTheSameSpec()
    {
        var spec = FakeCatalogue.Valid(Spec);
        var back = SweepSpecJson.Restore(spec.Resolved.ToJsonString(), spec.Source);

        Assert.Equal(spec.Id, back.Id);
        Assert.Equal(spec.Axes.Select(a => CanonicalJson.Write(new System.Text.Json.Nodes.JsonArray([.. a.Values.Select(v => v.DeepClone())]))),
            back.Axes.Select(a => CanonicalJson.Write(new System.Text.Json.Nodes.JsonArray([.. a.Values.Select(v => v.DeepClone())]))));
        Assert.Equal(TrialExpansion.Expand(spec).Select(t => t.Id), TrialExpansion.Expand(back).Select(t => t.Id));
    }

    [Theory]
    [InlineData("variant: fast", 6, "axes.variant: fast; allowed: a list of {name: …, SECTION.KEY: value}")]
    [InlineData("variant: [{training.steps: 20}]", 6, "axes.variant: a variant without a name")]
    [InlineData("variant: [{name: a, training.stepz: 20}]", 6, "unknown key in axes.variant a: training.stepz (did you mean training.steps?)")]
    [InlineData("variant: [{name: a, sampling.steps: 20}]", 6, "given twice: sampling.steps in axes.variant a, and axes.sampling.steps on line 7")]
    [InlineData("variant: [{name: a, training.steps: 0}]", 6, "axes.variant a, training.steps: 0; allowed: a whole number from 1")]
    [InlineData("variant: [{name: a, training.steps: [1, 2]}]", 6, "axes.variant a, training.steps: a list; allowed: one value")]
    [InlineData("variant: [{name: a, training.steps: 20}, {name: a}]", 6, "duplicate name in axes.variant: a (first on line 6)")]
    [InlineData("variant: [{name: a, training.steps: 400}, {name: b}]", 6, "duplicate value in axes.variant: b comes to the same as a")]
    [InlineData("variant: [{name: a, training.noise_mean: 1}, {name: b}]", 6,
        "training.noise_mean: 1 with noise_distribution uniform-t; allowed: only with a noise_distribution log-normal")]
    public void Read_WhenAVariantIsWrong_SaysWhatAndWhere(string variant, int line, string message)
    {
        var reading = FakeCatalogue.Read($$"""
            sweep: designs
            seeds: [0]
            axes:
              dataset: ring
              width: [8, 16]
              {{variant}}
              sampling.steps: [10, 20]
            training: {steps: 400}
            """);

        Assert.Contains(reading.Errors, e => e.Line == line && e.Message.StartsWith(message, StringComparison.Ordinal));
    }

    [Fact]
    public void Read_WhenASectionsKeyMeansSomethingInOneVariant_Allows()
    {
        var spec = FakeCatalogue.Valid("""
            sweep: designs
            axes:
              dataset: ring
              variant: [{name: a, training.noise_distribution: log-normal}, {name: b}]
            training: {noise_mean: -0.5}
            """);

        var trials = TrialExpansion.Expand(spec).ToList();
        Assert.Equal(-0.5, trials[0].Training.NoiseMean);
        Assert.Null(trials[^1].Training.NoiseMean);
    }

    [Fact]
    public void Between_WhenAVariantChanges_NamesItsKey()
    {
        var a = FakeCatalogue.Valid(Spec);
        var b = FakeCatalogue.Valid(Spec.Replace("training.steps: 20}", "training.steps: 30}", StringComparison.Ordinal));

        Assert.Equal(["axes.variant.short.training.steps: 20 → 30"], SpecDifference.Between(a.Resolved, b.Resolved));
    }
}
