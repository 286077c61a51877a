using Sweep.Diffusion.Networks;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;
using Sweep.Silo;
using Sweep.Silo.Diagnostics;
using Sweep.Tests.Client;
using Xunit;

namespace Sweep.Tests.Silo.Diagnostics;

/// <summary>diagnostics.validation_loss, in whole trials.</summary>
public sealed class ValidationLossTests
{
    private const int Steps = 600;

    /// <summary>Where the exact denoiser is known, its loss is L*: a trained network comes near it and can't pass below it by more than noise.</summary>
    [Fact]
    public void Run_WhenTheExactDenoiserIsKnown_HoldsLossesAgainstIt()
    {
        TrialResult result = Run(Trial("standardize", 32));
        (MetricValue loss, float[] curve) = (result.Metrics["validation_loss"], result.Curves["validation_loss"]);
        Assert.Equal(ValidationSteps.Of(Steps).Count, curve.Length);
        Assert.Equal(loss.Value!.Value, curve[^1], Tolerances.ReferenceRelative + 1e-6);
        double initial = curve[0] - loss.TruthLevel!.Value;
        Assert.InRange(loss.Value.Value - loss.TruthLevel.Value, -0.02 * initial, 0.05 * initial);
        Assert.Contains((int)result.Metrics["steps_to_final_loss"].Value!.Value, ValidationSteps.Of(Steps));
        Assert.DoesNotContain(result.Notes, n => n.StartsWith("validation_loss", StringComparison.Ordinal));
    }

    /// <summary>Behind a Gaussianization it is not: then L* comes from a run that trials of other widths, depths and learning rates share.</summary>
    [Fact]
    public void Run_WhenItIsNot_TakesTheLeastOfOneRunForAllWidths()
    {
        TrialSpec[] trials = [Trial("gaussianize", 8), Trial("gaussianize", 16)];
        using Scratch scratch = new();
        var runner = new TrialRunner(new SiloOptions { Id = "test", Slots = 1, ArtifactsDirectory = scratch.Path }, TimeProvider.System);
        TrialResult[] results = [.. trials.Select(t => Run(t, runner))];
        Assert.Equal(results[0].Metrics["validation_loss"].TruthLevel, results[1].Metrics["validation_loss"].TruthLevel);
        Assert.All(results,
            r => Assert.Contains(
            $"validation_loss: no exact denoiser is known in this space, so L* is the least loss of a run of {2 * Steps} steps at width 128", r.Notes));
        Assert.All(results, r => Assert.True(r.Metrics["validation_loss"].TruthLevel > 0));
    }

    [Theory]
    [InlineData(8, 128)]
    [InlineData(64, 128)]
    [InlineData(65, 256)]
    [InlineData(512, 1024)]
    [InlineData(1024, 1024)]
    [InlineData(2000, 4096)]
    public void Reference_OfAWidth_IsTwiceAsWideOrMoreWhileOneCanBe(int width, int reference)
    {
        TrialSpec trial = Trial("gaussianize", width), least = LossReference.Of(trial);
        Assert.Equal((reference, 3, 2 * Steps), (least.Network.Width, least.Network.HiddenLayers, least.Training.Steps));
        Assert.Equal(trial.Network.Width <= MlpShape.FusedWidth, least.Network.Width <= MlpShape.FusedWidth);
        Assert.True(LossReference.IsNeeded(trial));
        Assert.False(LossReference.IsNeeded(Trial("whiten", width)));
        Assert.False(LossReference.IsNeeded(trial with { Diagnostics = null }));
    }

    [Fact]
    public void Reference_OfTrialsThatDifferInTheNetworkAndItsRateAlone_IsOne()
    {
        TrialSpec trial = Trial("gaussianize", 16);
        TrialSpec other = trial with { Network = trial.Network with { Width = 64, HiddenLayers = 1 },
            Training = trial.Training with { LearningRate = 1e-2, WarmupSteps = 7 } };
        Assert.Equal(TrialIdentity.Training(LossReference.Of(trial)), TrialIdentity.Training(LossReference.Of(other)));
        Assert.NotEqual(TrialIdentity.Training(LossReference.Of(trial)), TrialIdentity.Training(LossReference.Of(trial with { Seed = 9 })));
    }

    [Theory]
    [InlineData(1, new[] { 0, 1 })]
    [InlineData(8, new[] { 0, 1, 2, 3, 4, 5, 6, 7, 8 })]
    public void Steps_OfFew_AreAllThatThereAre(int steps, int[] expected) => Assert.Equal(expected, ValidationSteps.Of(steps));

    [Fact]
    public void Steps_OfMany_AreFourToAnOctave()
    {
        Assert.Equal([0, 2, 2378, 2828, 3364, 4000, 4757, 5657, 6727, 8000], [.. ValidationSteps.Of(8000).Take(2), .. ValidationSteps.Of(8000).TakeLast(8)]);
        Assert.InRange(ValidationSteps.Of(10_000_000).Count, 45, 50);
    }

    private static TrialResult Run(TrialSpec trial)
    {
        using Scratch scratch = new();
        return Run(trial, new TrialRunner(new SiloOptions { Id = "test", Slots = 1, ArtifactsDirectory = scratch.Path }, TimeProvider.System));
    }

    private static TrialResult Run(TrialSpec trial, TrialRunner runner) => runner.Run(
        new AttemptProgress(new Lease { SweepId = "0123456789abcdef", Trial = trial, Attempt = 1, FencingToken = 1, Expires = DateTimeOffset.MaxValue },
            DateTimeOffset.UnixEpoch),
        TestContext.Current.CancellationToken);

    private static TrialSpec Trial(string preprocessing, int width) => TrialExpansion.Expand(SpecReader.ReadText(
        $"sweep: s\nseeds: 1\naxes:\n  dataset: {{kind: gmm-product, dimensions: 2}}\n  preprocessing: {preprocessing}\n  width: {width}\nnetwork: "
            + $"{{hidden_layers: 2}}\n"
        + $"training: {{steps: {Steps}, batch: 128, points: 2000, learning_rate: 1e-2}}\nsampling: {{steps: 30, samples: 64}}\ndiagnostics: "
            + $"{{validation_loss: true}}\n",
        "spec.yaml", Path.GetTempPath(), SpecCatalogue.Default with { TorchMissing = () => null }).Spec!).Single();
}
