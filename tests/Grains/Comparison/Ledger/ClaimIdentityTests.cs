using Sweep.Grains.Comparison.Ledger;
using Sweep.Grains.Specs;
using Xunit;

namespace Sweep.Tests.Grains.Comparison.Ledger;

/// <summary>Which claims are the same claim.</summary>
public sealed class ClaimIdentityTests
{
    private const string Compared = "claim: c, compare: {preprocessing: [none, whiten]}, metric: energy_distance, ";

    private const string Single = "claim: c, metric: energy_distance, is: '< 1'";

    [Theory]
    [InlineData(Compared + "is: 'b < a'", "claim: other words, compare: {preprocessing: [whiten, none]}, metric: energy_distance, is: 'b > a'")]
    [InlineData(Compared + "is: 'b < a'", Compared + "is: 'a > b'")]
    [InlineData(Compared + "is: 'b < a'", Compared + "is: 'a - b > 0'")]
    [InlineData(Compared + "is: 'b < a'", Compared + "is: 'b / a < 1'")]
    [InlineData(Compared + "is: 'b - a <= -0.5'", Compared + "is: 'a - b >= 0.5'")]
    [InlineData(Compared + "is: 'b / a <= 0.5'", Compared + "is: 'a >= 2 b'")]
    [InlineData(Compared + "is: 'ln(b / a) > 0.1'", Compared + "is: 'ln(a / b) < -0.1'")]
    [InlineData(Compared + "is: '|b - a| <= 0.5'", "claim: c, compare: {preprocessing: [whiten, none]}, metric: energy_distance, is: '|b - a| <= 0.5'")]
    [InlineData("claim: c, metric: energy_distance, is: '<= 20'", "claim: d, metric: energy_distance, is: 'x <= 20.0', over: mean")]
    [InlineData(Single, "claim: c, where: {width: [16, 8], preprocessing: [whiten, none]}, metric: energy_distance, is: '< 1'")]
    public void Of_TheSameInAnotherSpelling_IsTheSame(string one, string other) => Assert.Equal(Of(one).Id, Of(other).Id);

    [Theory]
    [InlineData(Compared + "is: 'b < a'", Compared + "is: 'b <= a'")]
    [InlineData(Compared + "is: 'b < a'", Compared + "is: 'b > a'")]
    [InlineData(Compared + "is: 'b < a'", Compared + "is: 'b < 0.9 a'")]
    [InlineData(Compared + "is: 'b < a'", Compared + "where: {width: 8}, is: 'b < a'")]
    [InlineData(Compared + "is: 'b < a'", "claim: c, compare: {preprocessing: [none, whiten]}, metric: sliced_wasserstein2, is: 'b < a'")]
    [InlineData(Compared + "is: 'b < a'", Compared + "is: 'b < a', control: {compare: {preprocessing: [whiten, none]}}")]
    [InlineData(Single, Single + ", over: median")]
    [InlineData(Single + ", along: {width: [8, 16]}", Single + ", along: {width: [16, 8]}")]
    [InlineData(Single + ", along: {width: [8, 16]}", Single)]
    public void Of_WhatSaysSomethingElse_IsAnother(string one, string other) => Assert.NotEqual(Of(one).Id, Of(other).Id);

    /// <summary>Names of sweeps, kinds and axes and the seeds are no part of it; whatever makes another result is.</summary>
    [Fact]
    public void Of_AClaimOfAnotherSweep_IsTheSameIfTheSettingsAre()
    {
        const string Claim = "claim: c, where: {width: 8}, metric: energy_distance, is: '< 1'";
        ClaimIdentity here = Of(Claim);
        ClaimIdentity there = Of(Claim.Replace("{width: 8}", "{}", StringComparison.Ordinal), text => text
            .Replace("sweep: s", "sweep: t", StringComparison.Ordinal).Replace("seeds: 6", "seeds: 9", StringComparison.Ordinal)
            .Replace("[none, whiten]", "[{kind: none, name: plain}, whiten]", StringComparison.Ordinal)
            .Replace("width: [8, 16]", "width: 8", StringComparison.Ordinal)),
            longer = Of(Claim, text => text + "training: {steps: 7}\n");
        Assert.Equal(here.Id, there.Id);
        Assert.NotEqual(here.Id, longer.Id);
        Assert.Equal((12, 18, 12), (here.Trials.Count, there.Trials.Count, here.Trials.Intersect(there.Trials).Count()));
        Assert.Empty(here.Trials.Intersect(longer.Trials));
    }

    /// <summary>What tuning chose is a result; how it was tuned is not.</summary>
    [Fact]
    public void Of_AClaimOfTunedArms_IsAboutHowTheyWereTuned()
    {
        const string Claim = Compared + "is: 'b < a'";
        const string Tune = "tune: {over: {training.learning_rate: {from: 1e-4, to: 1e-1, scale: log}}, trials: 4, seeds: [90, 91]}\n";
        ClaimIdentity tuned = Of(Claim, text => text + Tune);
        Assert.NotEqual(Of(Claim).Id, tuned.Id);
        Assert.Equal(24, tuned.Trials.Count);
        Assert.Equal(tuned.Id, Of(Claim, text => text + Tune.Replace("[90, 91]", "[92, 93], seed: 7", StringComparison.Ordinal)).Id);
        Assert.Equal(tuned.Id, Of(Claim, text => text + Tune, spec => SweepSpecJson.Restore(
            TunedChoices.With(spec.Resolved, new TunedChoices([[1, 2, 3, 0]])).ToJsonString(), spec.Source)).Id);
        Assert.NotEqual(tuned.Id, Of(Claim, text => text + Tune.Replace("trials: 4", "trials: 5", StringComparison.Ordinal)).Id);
        Assert.NotEqual(tuned.Id, Of(Claim, text => text + Tune.Replace("[90, 91]", "[90]", StringComparison.Ordinal)).Id);
        Assert.Contains("4", tuned.Settings["tune.trials"], StringComparison.Ordinal);
        Assert.DoesNotContain("training.learning_rate", tuned.Settings.Keys);
    }

    [Fact]
    public void Of_AClaimWithAControl_HasTheControlsTrialsToo() => Assert.Equal(
        12, Of("claim: c, where: {width: 8, preprocessing: none}, metric: energy_distance, is: '< 1', control: {where: {preprocessing: whiten}}").Trials.Count);

    private static ClaimIdentity Of(string claim, Func<string, string>? changed = null, Func<SweepSpec, SweepSpec>? later = null)
    {
        const string Text = "sweep: s\nseeds: 6\naxes:\n  dataset: gmm-ring\n  preprocessing: [none, whiten]\n  schedule: edm\n  width: [8, 16]\n"
            + "sampling: {steps: 3}\n";
        SpecReading reading = SpecReader.ReadText(
            (changed is null ? Text : changed(Text)) + $"expect: [{{{claim}}}]\n", "spec.yaml", Path.GetTempPath(), SpecCatalogue.Default);
        Assert.Empty(reading.Errors);
        SweepSpec spec = later is null ? reading.Spec! : later(reading.Spec!);
        return ClaimIdentity.Of(spec, [.. TrialExpansion.Expand(spec)], spec.Expectations[0]);
    }
}
