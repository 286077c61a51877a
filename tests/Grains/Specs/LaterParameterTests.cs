using Sweep.Grains.Specs;
using Xunit;

namespace Sweep.Tests.Grains.Specs;

/// <summary>A kind's parameter that joined when trials had been stored: at the value that means what was before, a spec has the trials of before.</summary>
public sealed class LaterParameterTests
{
    /// <summary>Trial ids of before <c>starts</c> joined.</summary>
    [Theory]
    [InlineData("{kind: ica, starts: 1}", "0ee557f300b22b95")]
    [InlineData("{kind: gaussianize, starts: 1}", "0f1437157548687f")]
    [InlineData("{kind: gaussianize, rotation: pca}", "a1191b3c6a427104")]
    public void Expand_AtTheValueOfBefore_HasTheIdOfBefore(string preprocessing, string id)
    {
        TrialSpec trial = Trial(preprocessing);
        Assert.Equal(id, trial.Id);
        Assert.Equal(id, TrialIdentity.Of(TrialSpecJson.Read(TrialSpecJson.Write(trial))));
        Assert.False(trial.Preprocessing.Parameters.ContainsKey("starts"));
    }

    [Fact]
    public void Expand_AtTheDefault_HasAnIdOfItsOwn()
    {
        TrialSpec trial = Trial("ica");
        Assert.Equal(8, trial.Preprocessing.Parameters["starts"]!.GetValue<long>());
        Assert.NotEqual(Trial("{kind: ica, starts: 1}").Id, trial.Id);
        Assert.Equal(Trial("{kind: ica, starts: 8}").Id, trial.Id);
    }

    [Fact]
    public void ReadText_WhereTheParameterMeansNothing_SaysWithWhatItDoes()
    {
        SpecError error = Assert.Single(Read("{kind: gaussianize, rotation: random, starts: 4}").Errors);
        Assert.Equal("spec.yaml:5: gaussianize.starts: 4; allowed: only with rotation: ica", error.ToString());
    }

    private static TrialSpec Trial(string preprocessing) => TrialExpansion.Expand(Read(preprocessing).Spec!).Single();

    private static SpecReading Read(string preprocessing) => SpecReader.ReadText(
        $$"""
        sweep: pin
        seeds: 1
        axes:
          dataset: gmm-ring
          preprocessing: {{preprocessing}}
          width: 8
        network: {"hidden_layers": 1}
        training: {"steps": 20, "batch": 16, "points": 100}
        sampling: {"steps": 25, "samples": 64}
        """,
        "spec.yaml", Path.GetTempPath(), SpecCatalogue.Default);
}
