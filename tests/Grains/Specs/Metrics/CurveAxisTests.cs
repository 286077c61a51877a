using Sweep.Grains.Specs;
using Xunit;

namespace Sweep.Tests.Grains.Specs.Metrics;

public sealed class CurveAxisTests
{
    private static readonly TrialSpec Trial = TrialExpansion.Expand(SpecReader.ReadText(
        "sweep: s\nseeds: 1\naxes:\n  dataset: gmm-ring\n  schedule: edm\ntraining: {steps: 1000}\n"
        + "diagnostics: {explained_share: gaussian, sigmas: [0.1, 0.5], training_steps: [0, 30, 1000]}\n",
        "spec.yaml", Path.GetTempPath(), SpecCatalogue.Default).Spec!).Single();

    [Theory]
    [InlineData("log_likelihood", 3, "reverse_step", new double[] { 0, 1, 2 })]
    [InlineData("something_new", 2, "reverse_step", new double[] { 0, 1 })]
    [InlineData("training_loss", 3, "training_step", new double[] { 333, 666, 1000 })]
    [InlineData("explained_score.gaussian", 2, "sigma", new[] { 0.1, 0.5 })]
    [InlineData("explained_denoiser.identity", 2, "sigma", new[] { 0.1, 0.5 })]
    [InlineData("explained_score_per_sample.gaussian", 2, "sigma", new[] { 0.1, 0.5 })]
    [InlineData("explained_path.gaussian", 2, "sigma", new[] { 0.1, 0.5 })]
    [InlineData("mean_gain.exact", 2, "sigma", new[] { 0.1, 0.5 })]
    [InlineData("denoising_error", 2, "sigma", new[] { 0.1, 0.5 })]
    [InlineData("denoising_error.exact", 2, "sigma", new[] { 0.1, 0.5 })]
    [InlineData("explained_path.mixture-10-rank-8", 2, "sigma", new[] { 0.1, 0.5 })]
    [InlineData("emerged.pc_4", 2, "sigma", new[] { 0.1, 0.5 })]
    [InlineData("perturbation.pc_1.gaussian", 2, "sigma", new[] { 0.1, 0.5 })]
    [InlineData("emerged.pc_3", 2, "reverse_step", new double[] { 0, 1 })]
    [InlineData("out_of_plane.of_others", 2, "sigma", new[] { 0.1, 0.5 })]
    [InlineData("collapse", 2, "sigma", new[] { 0.1, 0.5 })]
    [InlineData("bifurcation.exact", 2, "sigma", new[] { 0.1, 0.5 })]
    [InlineData("explained_score.gaussian.sigma_0.5", 3, "training_step", new double[] { 0, 30, 1000 })]
    public void Of_ByName_GivesKindAndPlaces(string curve, int length, string kind, double[] x)
    {
        CurveAxis axis = CurveAxis.Of(curve, Trial, length);
        Assert.Equal(kind, axis.Kind);
        Assert.Equal(x, axis.X);
    }

    [Fact]
    public void Of_WhenTheSpecNamesNoLevels_HasTheSchedulesDefault() =>
        Assert.Equal(14, CurveAxis.Of("denoising_error", Trial with { Diagnostics = null }, 14).X.Length);

    [Fact]
    public void Of_WhenTheLengthIsAnother_SaysSo()
    {
        var error = Assert.Throws<InvalidDataException>(() => CurveAxis.Of("denoising_error", Trial, 3));
        Assert.Equal($"denoising_error of trial {Trial.Id} has 3 points; allowed: 2, as its spec lists", error.Message);
    }

    [Fact]
    public void SplitSigma_OfAtSigma_GivesItBack()
    {
        Assert.Equal(("explained_score.mixture", 0.002), CurveNames.SplitSigma(CurveNames.AtSigma(CurveNames.ExplainedScore("mixture"), 0.002)));
        Assert.Null(CurveNames.SplitSigma("explained_score.mixture"));
    }
}
