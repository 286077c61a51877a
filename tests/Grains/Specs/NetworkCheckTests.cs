using Sweep.Grains.Specs;
using Xunit;

namespace Sweep.Tests.Grains.Specs;

/// <summary>Networks in a spec that need TorchSharp, and images that a U-Net needs.</summary>
public sealed class NetworkCheckTests
{
    private const string Missing = "TorchSharp is not in this build: get it with: ./sweep setup";

    [Theory]
    [InlineData("network: {kind: residual}\n", "network.kind: residual; allowed here: mlp")]
    [InlineData("network: {kind: unet}\n", "network.kind: unet; allowed here: mlp")]
    [InlineData("network: {width: 1025}\n", "width: 1025; allowed here: up to 1024")]
    public void ReadText_WhenTorchSharpIsNotThere_SaysWhatToInstall(string network, string what)
    {
        var error = Assert.Single(Read($"  dataset: digits\n{network}", Missing).Errors).ToString();
        Assert.Equal($"spec.yaml:5: {what} ({Missing})", error);
        Assert.Empty(Read($"  dataset: digits\n{network}", null).Errors);
    }

    /// <summary>Looking for libtorch takes a moment, and specs that don't need it are read everywhere.</summary>
    [Theory]
    [InlineData("network: {kind: mlp, width: 1024}\n")]
    [InlineData("network: {kind: delta}\n")]
    public void ReadText_WhenNothingNeedsTorchSharp_DoesNotAskForIt(string network) =>
        Assert.Empty(
            SpecReader.ReadText(Spec($"  dataset: digits\n{network}"), "spec.yaml", "/", Catalogue(() => throw new InvalidOperationException("asked"))).Errors);

    [Theory]
    [InlineData("moons", 2)]
    [InlineData("{kind: digits, name: d, dimensions: 25}", 25)]
    public void ReadText_WhenAUNetMeetsDataThatAreNoImages_SaysSo(string dataset, int dimensions)
    {
        var error = Assert.Single(Read($"  dataset: [digits, {dataset}]\nnetwork: {{kind: unet}}\n", null).Errors).ToString();
        string label = dataset[0] == '{' ? "d" : dataset;
        Assert.Equal(
            $"spec.yaml:5: network.kind: unet with dataset {label}: dimensions: {dimensions}; "
            + "allowed: images, the square of an even side from 4 (digits has 64)",
            error);
    }

    [Theory]
    [InlineData("unet", 300, 256)]
    [InlineData("residual", 2000, 1536)]
    public void ReadText_WhenANetworkIsTooWideForItsKind_SaysTheMost(string kind, int width, int most)
    {
        var error = Assert.Single(Read($"  dataset: digits\n  width: [16, {width}]\nnetwork: {{kind: {kind}}}\n", null).Errors).ToString();
        Assert.Equal($"spec.yaml:5: width: {width} with network.kind {kind}; allowed: at most {most}", error);
    }

    [Theory]
    [InlineData("[16, 32]", 1009, 1008)]
    [InlineData("256", 800, 784)]
    public void ReadText_WhenDataHaveMoreColumnsThanANetworkTakes_SaysTheMost(string features, int dimensions, int most)
    {
        string axes = $"  dataset: [moons, {{kind: gmm-random, name: wide, dimensions: {dimensions}}}]\n  network.time_features: {features}\n";
        var error = Assert.Single(Read(axes, null).Errors).ToString();
        Assert.Equal(
            $"spec.yaml:4: dataset wide: {dimensions} columns with {1040 - most} time_features; allowed: at most {most} for a network that is trained", error);
        Assert.Empty(Read(axes.Replace($"{dimensions}", $"{most}", StringComparison.Ordinal), null).Errors);
        Assert.Empty(Read($"  dataset: {{kind: gmm-random, name: wide, dimensions: {dimensions}}}\nnetwork: {{kind: gaussian}}\n", null).Errors);
    }

    [Fact]
    public void Expand_WithSeveralKinds_GivesEachAnIdentityAndKeepsTheMlps()
    {
        var trials = TrialExpansion.Expand(Read("  dataset: digits\n  network.kind: [mlp, residual, unet]\n", null).Spec!).ToList();
        Assert.Equal(["mlp", "residual", "unet"], trials.Select(t => t.Network.Kind));
        Assert.Equal(3, trials.Select(t => t.Id).Distinct(StringComparer.Ordinal).Count());
        Assert.All(trials, t => Assert.Equal(t.Id, TrialIdentity.Of(t)));
        Assert.Equal(trials[0].Id, TrialExpansion.Expand(Read("  dataset: digits\n", null).Spec!).Single().Id);
    }

    private static SpecReading Read(string axes, string? missing) => SpecReader.ReadText(Spec(axes), "spec.yaml", "/", Catalogue(() => missing));

    private static SpecCatalogue Catalogue(Func<string?> missing) => SpecCatalogue.Default with { TorchMissing = missing };

    private static string Spec(string axes) => $"sweep: networks\nseeds: 1\naxes:\n{axes}";
}
