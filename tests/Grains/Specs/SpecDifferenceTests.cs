using System.Text.Json.Nodes;
using Sweep.Grains.Specs;
using Xunit;

namespace Sweep.Tests.Grains.Specs;

public sealed class SpecDifferenceTests
{
    private const string Before = """
        sweep: s
        axes:
          dataset: [ring, {kind: ring, name: tight, std: 0.01}]
          width: [8, 16]
        training: {steps: 4000}
        compare: {axis: width}
        """;

    [Theory]
    [InlineData("steps: 4000", "steps: 8000", "training.steps: 4000 → 8000")]
    [InlineData("steps: 4000", "steps: 4e3", "")]
    [InlineData("[8, 16]", "[8, 16, 32]", "axes.width: [8, 16] → [8, 16, 32]")]
    [InlineData("std: 0.01", "std: 0.02", "axes.dataset.tight.std: 0.01 → 0.02")]
    [InlineData("name: tight", "name: narrow", "axes.dataset: [ring, tight] → [ring, narrow]")]
    [InlineData("[ring, {kind: ring, name: tight, std: 0.01}]", "[ring]", "axes.dataset: [ring, tight] → [ring]")]
    [InlineData("{steps: 4000}", "{steps: 4000}\nsampling: {sampler: ddim}",
        "sampling.sampler.kind: ddpm → ddim|sampling.sampler.name: ddpm → ddim|sampling.sampler.eta: (absent) → 0")]
    [InlineData("  width: [8, 16]\n", "  width: [8, 16]\n  training.batch: [64, 128]\n",
        "axes.training.batch: (absent) → [64, 128]|training.batch: 256 → (absent)")]
    public void Between_WhenSomethingChanged_HasALineForIt(string text, string changed, string lines)
    {
        var (a, b) = (FakeCatalogue.Valid(Before), FakeCatalogue.Valid(Before.Replace(text, changed, StringComparison.Ordinal)));
        Assert.Equal(lines, string.Join('|', SpecDifference.Between(a.Resolved, b.Resolved)));
        Assert.Equal(lines.Length == 0, string.Equals(a.Id, b.Id, StringComparison.Ordinal));
    }

    [Fact]
    public void Between_WhenASpecComesBackFromAStore_FindsNothing()
    {
        var spec = FakeCatalogue.Valid(Before);
        Assert.Empty(SpecDifference.Between(spec.Resolved, JsonNode.Parse(spec.Resolved.ToJsonString())!.AsObject()));
    }
}
