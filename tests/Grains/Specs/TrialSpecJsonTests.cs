using System.Text.Json;
using Sweep.Grains.Specs;
using Xunit;

namespace Sweep.Tests.Grains.Specs;

public sealed class TrialSpecJsonTests
{
    /// <summary>Written by the first version; every later one must read it, to the same id.</summary>
    private static string Sample { get; } = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Grains", "Specs", "Data", "trial-v1.json")).Trim();

    [Fact]
    public void Read_WhenItIsTheCheckedInSample_GivesItsTrialAndId()
    {
        var trial = TrialSpecJson.Read(Sample);

        Assert.Equal("4c2a3834b1772716", trial.Id);
        Assert.Equal(trial.Id, TrialIdentity.Of(trial));
        Assert.Equal("ica4", trial.Dataset.Name);
        Assert.Equal(4, trial.Dataset.Parameters["dimensions"]!.GetValue<int>());
        Assert.Equal(0.01, trial.Training.LearningRate);
        Assert.Equal("ddpm", trial.Sampling.Sampler.Kind);
        Assert.Equal(trial.Group, TrialIdentity.Group(trial.Axes));
    }

    [Fact]
    public void Write_WhenTheSampleWasRead_GivesTheSampleBack() => Assert.Equal(Sample, TrialSpecJson.Write(TrialSpecJson.Read(Sample)));

    [Fact]
    public void Read_WhenAMemberIsNewer_SkipsIt() =>
        Assert.Equal("4c2a3834b1772716", TrialSpecJson.Read(Sample.Replace("{\"id\"", "{\"newer\":{\"a\":1},\"id\"", StringComparison.Ordinal)).Id);

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[]")]
    public void Read_WhenTheTextIsNoTrial_Throws(string json) => Assert.Throws<JsonException>(() => TrialSpecJson.Read(json));
}
