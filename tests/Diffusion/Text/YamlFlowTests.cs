using Sweep.Diffusion.Text;
using Sweep.Grains.Specs;
using Xunit;

namespace Sweep.Tests.Diffusion.Text;

public sealed class YamlFlowTests
{
    [Theory]
    [InlineData("radius", "radius")]
    [InlineData("mean radius (mm)", "mean radius (mm)")]
    [InlineData("größe", "größe")]
    [InlineData("0", "0")]
    [InlineData("größe [µm]", "\"größe [µm]\"")]
    [InlineData("a: b", "\"a: b\"")]
    [InlineData("- c", "\"- c\"")]
    [InlineData("", "\"\"")]
    [InlineData(" x", "\" x\"")]
    [InlineData("no", "no")]
    [InlineData("NULL", "\"NULL\"")]
    [InlineData("1e3", "\"1e3\"")]
    [InlineData("a, b", "\"a, b\"")]
    [InlineData("x\ny", "\"x\\ny\"")]
    [InlineData("#1", "\"#1\"")]
    public void Name_OfAnything_IsReadBackByASpec(string name, string written)
    {
        Assert.Equal(written, YamlFlow.Name(name));
        SpecReading reading = SpecReader.ReadText(
            $"sweep: s\nseeds: 1\naxes:\n  dataset: [{{kind: moons, name: {(name.Trim().Length == 0 ? "x" : YamlFlow.Name(name.Trim()))}}}]\n", "spec.yaml",
                "/", SpecCatalogue.Default);
        if (name.Trim() is { Length: > 0 } kept && !kept.Contains('\n', StringComparison.Ordinal) && !char.IsAsciiDigit(kept[0]))
            Assert.Equal(kept, reading.Spec!.Axes[0].Values[0]!.GetValue<string>());
    }
}
