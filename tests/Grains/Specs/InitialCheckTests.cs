using Sweep.Grains.Specs;
using Xunit;

namespace Sweep.Tests.Grains.Specs;

public sealed class InitialCheckTests
{
    private const string Line = "{kind: gmm, name: line, means: [[-1], [1]], covariances: [0.1, 0.1]}";

    [Fact]
    public void ReadText_WhenQuantilesMeetAPlane_SaysSoAtTheKey()
    {
        var error = Assert.Single(Read($"  dataset: [{Line}, {{kind: gmm-ring, name: ring8}}]\nsampling:\n  initial: quantiles\n").Errors).ToString();
        Assert.Equal("spec.yaml:6: sampling.initial: quantiles with dataset ring8 of 2 dimensions; allowed: datasets of 1 dimension", error);
    }

    [Fact]
    public void ReadText_WhenAnAxisHasQuantiles_ChecksThemToo() =>
        Assert.StartsWith("spec.yaml:5: sampling.initial: quantiles with dataset gmm-ring of 2", Assert.Single(Read("  dataset: gmm-ring\n  sampling.initial: [noise, quantiles]\n").Errors).ToString(), StringComparison.Ordinal);

    [Fact]
    public void ReadText_WhenTheDataAreOnALine_StartsThere()
    {
        var trial = TrialExpansion.Expand(Read($"  dataset: {Line}\nsampling: {{initial: quantiles}}\n").Spec!).First();
        Assert.Equal("quantiles", trial.Sampling.Initial);
        Assert.Null(TrialExpansion.Expand(Read($"  dataset: {Line}\nsampling: {{initial: noise}}\n").Spec!).First().Sampling.Initial);
    }

    private static SpecReading Read(string rest) =>
        SpecReader.ReadText("sweep: s\nseeds: 2\naxes:\n" + rest, "spec.yaml", Path.GetTempPath(), SpecCatalogue.Default);
}
