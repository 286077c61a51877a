using Sweep.Grains.Specs;
using Xunit;

namespace Sweep.Tests.Grains.Specs;

public sealed class LimitsSectionTests
{
    private const string Minimal = "sweep: s\naxes:\n  dataset: gmm-ring\n";

    [Theory]
    [InlineData("90s", 90)]
    [InlineData("10m", 600)]
    [InlineData("1.5h", 5400)]
    [InlineData("2d", 172_800)]
    [InlineData("\"1s\"", 1)]
    public void Read_WhenATrialHasALimit_EveryTrialHasIt(string written, double seconds)
    {
        SweepSpec spec = Read($"limits: {{trial: {written}}}");
        Assert.Equal(TimeSpan.FromSeconds(seconds), spec.StallAfter);
        Assert.All(TrialExpansion.Expand(spec), trial => Assert.Equal(spec.StallAfter, TrialSpecJson.Read(TrialSpecJson.Write(trial)).StallAfter));
        Assert.Equal(spec.StallAfter, SweepSpecJson.Restore(spec.Resolved.ToJsonString(), "").StallAfter);
    }

    [Fact]
    public void Read_WhateverTheLimit_SweepAndTrialsKeepTheirIds()
    {
        SweepSpec none = Read(""), some = Read("limits: {trial: 10m}");
        Assert.Equal(none.Id, some.Id);
        Assert.Equal(some.Id, SweepSpecJson.Restore(some.Resolved.ToJsonString(), "").Id);
        Assert.Equal(TrialExpansion.Expand(none).Select(t => t.Id), TrialExpansion.Expand(some).Select(TrialIdentity.Of));
        Assert.Null(none.StallAfter);
        Assert.False(none.Resolved.ContainsKey("limits"));
        Assert.Equal(Read("limits: {trial: 600s}").Resolved.ToJsonString(), some.Resolved.ToJsonString());
        Assert.Equal(["limits.trial: 600s → 1d"], SpecDifference.Between(some.Resolved, Read("limits: {trial: 24h}").Resolved).Select(l => l));
    }

    [Theory]
    [InlineData("limits: {trial: 10}", "limits.trial: 10; allowed: a number with s, m, h or d, from 1s to 30d: 90s, 10m, 1.5h")]
    [InlineData("limits: {trial: 0.5s}", "limits.trial: 0.5s; allowed: a number with s, m, h or d, from 1s to 30d: 90s, 10m, 1.5h")]
    [InlineData("limits: {trial: 31d}", "limits.trial: 31d; allowed: a number with s, m, h or d, from 1s to 30d: 90s, 10m, 1.5h")]
    [InlineData("limits: {trial: -3m}", "limits.trial: -3m; allowed: a number with s, m, h or d, from 1s to 30d: 90s, 10m, 1.5h")]
    [InlineData("limits: {trial: [10m]}", "limits.trial: a list; allowed: a number with s, m, h or d, from 1s to 30d: 90s, 10m, 1.5h")]
    [InlineData("limits: {trail: 10m}", "unknown key in limits: trail (did you mean trial?); allowed: trial")]
    [InlineData("limits: 10m", "limits: 10m; allowed: a mapping with trial")]
    public void Read_WhenItIsWrong_SaysWhatIsAllowed(string written, string error)
    {
        SpecReading reading = SpecReader.ReadText(Minimal + written, "spec.yaml", "/", SpecCatalogue.Default);
        Assert.Equal([$"spec.yaml:4: {error}"], reading.Errors.Select(e => e.ToString()));
    }

    private static SweepSpec Read(string more)
    {
        SpecReading reading = SpecReader.ReadText(Minimal + more, "spec.yaml", "/", SpecCatalogue.Default);
        Assert.Empty(reading.Errors);
        return reading.Spec!;
    }
}
