using Sweep.Diffusion.Networks.Reference;
using Sweep.Diffusion.Preprocessing;
using Sweep.Grains.Specs;
using Xunit;

namespace Sweep.Tests.Grains.Specs;

/// <summary>Reference denoisers in a spec: where there is no exact one, axes that mean nothing, and what a trial holds.</summary>
public sealed class ReferenceCheckTests
{
    [Theory]
    [InlineData("moons", "the dataset's density is not known")]
    [InlineData("checkerboard", "the dataset's density is not known")]
    [InlineData("{kind: gmm-product, name: big, dimensions: 16}", "the dataset's density is a mixture of more than 4096 components")]
    public void ReadText_WhenExactMeetsADatasetWithoutAKnownMixture_SaysSoAtTheKind(string dataset, string why)
    {
        var error = Assert.Single(Read($"  dataset: [gmm-ring, {dataset}]\n  network.kind: [mlp, exact]\n").Errors).ToString();
        string label = dataset.Contains("name", StringComparison.Ordinal) ? "big" : dataset;
        Assert.Equal($"spec.yaml:5: network.kind: exact with dataset {label}: {why}; allowed: a dataset known as a Gaussian mixture", error);
    }

    [Fact]
    public void ReadText_WhenExactMeetsAPreprocessing_AllowsTheAffineOnesAndNamesThem()
    {
        foreach (string name in PreprocessingKinds.Registry.Kinds.Select(k => k.Name))
        {
            var reading = Read($"  dataset: gmm-ring\n  preprocessing: {name}\nnetwork: {{kind: exact}}\n");
            bool affine = name is not ("marginal" or "gaussianize");
            Assert.Equal(affine, reading.IsValid);
            string refusal = Read("  dataset: gmm-ring\n  preprocessing: marginal\nnetwork: {kind: exact}\n").Errors.Single().Message;
            Assert.Equal(affine, refusal.Split("; allowed: ")[1].Split(", ").Contains(name));
        }
    }

    [Theory]
    [InlineData("gaussian")]
    [InlineData("mixture")]
    [InlineData("delta")]
    [InlineData("identity")]
    public void ReadText_WhenTheReferenceIsFitted_TakesAnyDataAndPreprocessing(string kind) =>
        Assert.Empty(Read($"  dataset: [gmm-ring, moons]\n  preprocessing: [standardize, gaussianize]\nnetwork: {{kind: {kind}}}\n").Errors);

    [Theory]
    [InlineData("  width: [8, 16]\n", "width")]
    [InlineData("  training.steps: [100, 200]\n", "training.steps")]
    [InlineData("  network.activation: [silu, relu]\n", "network.activation")]
    public void ReadText_WhenAnAxisIsTrainingsAndNothingIsTrained_SaysSo(string axis, string name)
    {
        var error = Assert.Single(Read($"  dataset: gmm-ring\n  network.kind: [exact, delta]\n{axis}").Errors).ToString();
        Assert.Equal(
            $"spec.yaml:6: axes.{name}: an axis with network.kind exact, delta, which nothing trains; allowed: an axis where a network.kind is mlp, residual, "
            + $"unet", error);
        Assert.Empty(Read($"  dataset: gmm-ring\n  network.kind: [mlp, exact, delta]\n{axis}").Errors);
    }

    [Fact]
    public void ReadText_WhenAnAxisShapesWhatReferencesSee_LetsItBe() =>
        Assert.Empty(Read("  dataset: gmm-ring\n  training.points: [100, 200]\n  sampling.steps: [50, 100]\nnetwork: {kind: delta}\n").Errors);

    [Theory]
    [InlineData("network: {kind: exact, components: 4}\n", "spec.yaml:5: network.components: 4 with kind exact; allowed: only with a kind mixture")]
    [InlineData("network: {kind: mixture, components: 0}\n", "spec.yaml:5: network.components: 0; allowed: a whole number from 1 to 1024")]
    [InlineData("network: {kind: mixture, components: 4}\n", null)]
    public void ReadText_WhenComponentsAreGiven_WantsAMixture(string rest, string? error)
    {
        var reading = Read("  dataset: gmm-ring\n" + rest);
        if (error is null)
            Assert.Equal(4, TrialExpansion.Expand(reading.Spec!).First().Network.Components);
        else
            Assert.Equal(error, Assert.Single(reading.Errors).ToString());
    }

    [Theory]
    [InlineData("network: {score_error: 0.2}\n", "spec.yaml:5: network.score_error: 0.2 with kind mlp; allowed: only with a kind exact")]
    [InlineData("network: {kind: exact, score_error: -0.1}\n", "spec.yaml:5: network.score_error: -0.1; allowed: a number from 0 to 10")]
    [InlineData("network: {kind: exact, score_error: 0.2}\n", null)]
    public void ReadText_WhenAScoreErrorIsGiven_WantsTheExactScore(string rest, string? error)
    {
        var reading = Read("  dataset: gmm-ring\n" + rest);
        if (error is null)
            Assert.Equal(0.2, TrialExpansion.Expand(reading.Spec!).First().Network.ScoreError);
        else
            Assert.Equal(error, Assert.Single(reading.Errors).ToString());
    }

    /// <summary>Every kind is in an id by its name, so that a stored trial of an mlp keeps its own and no two kinds share one.</summary>
    [Fact]
    public void Expand_WhenTheKindIsAnAxis_GivesEveryKindItsOwnIdsAndLeavesTheNetworksAsTheyWere()
    {
        var kinds = TrialExpansion.Expand(Read($"  dataset: gmm-ring\n  network.kind: [mlp, {string.Join(", ", ReferenceKinds.Names)}]\n").Spec!).ToList();
        Assert.Equal(kinds.Count, kinds.Select(t => t.Id).Distinct(StringComparer.Ordinal).Count());
        var before = TrialExpansion.Expand(Read("  dataset: gmm-ring\n").Spec!).Select(t => t.Id);
        Assert.Equal(before, kinds.Where(t => t.Network.Kind == "mlp").Select(t => t.Id));
    }

    [Fact]
    public void ReadText_WhenAVariantIsExact_ChecksItToo()
    {
        var errors = Read("  dataset: moons\n  variant:\n    - {name: a, training.steps: 10}\n    - {name: b, network.kind: exact}\n").Errors;
        Assert.Equal("spec.yaml:7: network.kind: exact with dataset moons: the dataset's density is not known; allowed: a dataset known as a Gaussian mixture",
            Assert.Single(errors).ToString());
    }

    [Fact]
    public void ReadText_WhenNoVariantTrains_RefusesAxesOfTraining()
    {
        const string Variants = "  dataset: gmm-ring\n  width: [8, 16]\n  variant:\n    - {name: a, network.kind: delta}\n    - {name: b, network.kind: ";
        Assert.StartsWith("spec.yaml:5: axes.width: an axis with network.kind delta, exact,", Assert.Single(Read(Variants + "exact}\n").Errors).ToString(),
            StringComparison.Ordinal);
        Assert.Empty(Read(Variants + "mlp}\n").Errors);
    }

    private static SpecReading Read(string rest) =>
        SpecReader.ReadText("sweep: s\nseeds: 2\naxes:\n" + rest, "spec.yaml", Path.GetTempPath(), SpecCatalogue.Default);
}
