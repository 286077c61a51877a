using Sweep.Client.Dashboard.Api;
using Sweep.Grains.Specs;
using Sweep.Grains.Specs.Yaml;
using Xunit;

namespace Sweep.Tests.Client.Dashboard;

public sealed class TrialSpecFileTests
{
    [Theory]
    [InlineData("examples/quickstart.yaml")]
    [InlineData("examples/design-axes.yaml")]
    [InlineData("examples/references.yaml")]
    [InlineData("examples/breast-cancer.yaml")]
    public void Of_WhenReadAgain_IsTheSameTrialAlone(string example)
    {
        SweepSpec sweep = Read(Path.Combine(SweepProcess.RepositoryRoot, example));
        TrialSpec[] trials = [.. TrialExpansion.Expand(sweep)];
        foreach (TrialSpec trial in new[] { trials[0], trials[trials.Length / 2], trials[^1] })
        {
            using var scratch = new Scratch();
            SweepSpec alone = Read(scratch.Write("trial.yaml", TrialSpecFile.Of(sweep, trial)));
            Assert.Equal(trial.Id, Assert.Single(TrialExpansion.Expand(alone)).Id);
            SweepSpec written = Read(scratch.Write("written.yaml", YamlWriter.Write(TrialSpecFile.Tree(sweep, trial))));
            Assert.Equal(trial.Id, Assert.Single(TrialExpansion.Expand(written)).Id);
        }
    }

    private static SweepSpec Read(string path)
    {
        SpecReading reading = SpecReader.Read(path, SpecCatalogue.Default);
        return reading.Spec ?? throw new InvalidOperationException(string.Join('\n', reading.Errors));
    }
}
