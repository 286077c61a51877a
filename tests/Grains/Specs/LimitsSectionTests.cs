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
        Assert.Equal(TimeSpan.FromSeconds(seconds), spec.Limits.Trial);
        Assert.All(TrialExpansion.Expand(spec), trial => Assert.Equal(spec.Limits.Trial, TrialSpecJson.Read(TrialSpecJson.Write(trial)).StallAfter));
        Assert.Equal(spec.Limits.Trial, SweepSpecJson.Restore(spec.Resolved.ToJsonString(), "").Limits.Trial);
    }

    [Fact]
    public void Read_WhenTheSweepIsLimited_RestoresTheSame()
    {
        SweepLimits limits = new() { Failed = 3, Slots = 8, Priority = 2.5, Trial = TimeSpan.FromMinutes(10) };
        SweepSpec spec = Read("limits: {slots: 8, priority: 2.5, failed: 3, trial: 10m}");
        Assert.Equal(limits, spec.Limits);
        Assert.Equal(limits, SweepSpecJson.Restore(spec.Resolved.ToJsonString(), "").Limits);
        Assert.Equal(Read("").Id, spec.Id);
        Assert.Equal(SweepLimits.None, Read("limits: {priority: 1}").Limits);
    }

    [Fact]
    public void Read_WhateverTheLimit_SweepAndTrialsKeepTheirIds()
    {
        SweepSpec none = Read(""), some = Read("limits: {trial: 10m}");
        Assert.Equal(none.Id, some.Id);
        Assert.Equal(some.Id, SweepSpecJson.Restore(some.Resolved.ToJsonString(), "").Id);
        Assert.Equal(TrialExpansion.Expand(none).Select(t => t.Id), TrialExpansion.Expand(some).Select(TrialIdentity.Of));
        Assert.Null(none.Limits.Trial);
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
    [InlineData("limits: {trail: 10m}", "unknown key in limits: trail (did you mean trial?); allowed: trial, failed, slots, priority")]
    [InlineData("limits: 10m", "limits: 10m; allowed: a mapping with trial, failed, slots or priority")]
    [InlineData("limits: {slots: 0}", "limits.slots: 0; allowed: a whole number from 1 to 1000000")]
    [InlineData("limits: {priority: 0}", "limits.priority: 0; allowed: a number from 0.001 to 1000")]
    [InlineData("limits: {failed: 1.5}", "limits.failed: 1.5; allowed: a whole number from 1 to 1000000")]
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
