using Sweep.Grains.Specs;
using Xunit;

namespace Sweep.Tests.Grains.Specs;

public sealed class TrialExpansionTests
{
    private const string Spec = """
        sweep: small
        seeds: [3, 1]
        axes:
          dataset: [ring, {kind: ring, name: tight, std: 0.01}]
          width: [8, 16]
          training.steps: [50, 200]
          sampling.sampler: [ddpm, {kind: ddim, name: eta1, eta: 1}]
        """;

    [Fact]
    public void Expand_WhenAxesAreGiven_MakesTheirProductWithSeedsInnermost()
    {
        var trials = TrialExpansion.Expand(FakeCatalogue.Valid(Spec)).ToList();

        Assert.Equal(32, trials.Count);
        Assert.Equal([3L, 1L], trials.Take(2).Select(t => t.Seed));
        Assert.Equal(trials[0].Group, trials[1].Group);
        Assert.Equal(16, trials.Select(t => t.Group).Distinct().Count());
        Assert.Equal(32, trials.Select(t => t.Id).Distinct().Count());
        Assert.Equal(["ddpm", "eta1"], trials.Take(4).Select(t => t.Sampling.Sampler.Name).Distinct());
        Assert.Equal(
            """{"dataset":"tight","preprocessing":"standardize","sampling.sampler":"eta1","schedule":"vp-linear","training.steps":200,"width":16}""",
            trials[^1].Group);
    }

    [Fact]
    public void Expand_WhenTheDefaultWarmupExceedsSomeSteps_CapsItThere()
    {
        var trials = TrialExpansion.Expand(FakeCatalogue.Valid(Spec)).ToList();

        Assert.All(trials, t => Assert.Equal(Math.Min(100, t.Training.Steps), t.Training.WarmupSteps));
    }

    [Fact]
    public void Expand_Always_GivesTheIdThatTheTrialItselfHas() =>
        Assert.All(TrialExpansion.Expand(FakeCatalogue.Valid(Spec)), t => Assert.Equal(TrialIdentity.Of(t), t.Id));

    [Fact]
    public void Write_WhenReadBack_IsTheSameTrial()
    {
        foreach (var trial in TrialExpansion.Expand(FakeCatalogue.Valid(Spec)))
        {
            var json = TrialSpecJson.Write(trial);
            var back = TrialSpecJson.Read(json);
            Assert.Equal(json, TrialSpecJson.Write(back));
            Assert.Equal(trial.Id, TrialIdentity.Of(back));
        }
    }
}
