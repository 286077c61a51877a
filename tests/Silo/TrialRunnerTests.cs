using Sweep.Diffusion.Metrics;
using Sweep.Grains.Comparison;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;
using Sweep.Silo;
using Sweep.Tests.Client;
using Xunit;

namespace Sweep.Tests.Silo;

/// <summary>Whole attempts with snapshots of the training, stopped and gone on with.</summary>
public sealed class TrialRunnerTests
{
    private const int Steps = 2000;

    private static readonly TrialSpec Trial = Read(
        "sweep: s\nseeds: 1\naxes:\n  dataset: gmm-ring\n  width: 16\nnetwork: {hidden_layers: 1}\n"
        + $"training: {{steps: {Steps}, batch: 64, points: 300}}\nsampling: {{steps: 30, samples: 64}}\n"
        + $"diagnostics: {{explained_share: [gaussian, exact], validation_loss: true, sigmas: [0.1, 1], training_steps: [0, 30, {Steps}]}}\n");

    [Fact]
    public void Run_WhenStoppedAndRunAgain_HasTheSameCurvesAndLeavesNoSnapshots()
    {
        using Scratch whole = new(), stopped = new(), damaged = new(), cut = new();
        TrialResult expected = Run(whole);
        float[] overTraining = expected.Curves["explained_score.gaussian.sigma_1"];
        Assert.Equal(3, CurveAxis.Of("explained_score.gaussian.sigma_1", Trial, overTraining.Length).X.Length);
        Assert.Equal(expected.Curves["explained_score.gaussian"][1], overTraining[2]);
        Assert.NotEqual(overTraining[0], overTraining[1]);
        Assert.Equal(Steps, CurveAxis.Of("training_loss", Trial, expected.Curves["training_loss"].Length).X[^1]);

        StopOnTheWay(stopped);
        Same(expected, Run(stopped));

        StopOnTheWay(damaged);
        File.WriteAllBytes(Path.Combine(damaged.Path, Trial.Id, "snapshot-30.safetensors"), [1, 2, 3]);
        Same(expected, Run(damaged));

        // The losses on the way to the checkpoint are gone: it begins again rather than leave them out.
        StopOnTheWay(cut);
        string losses = Path.Combine(cut.Path, Trial.Id, "losses.bin");
        File.WriteAllBytes(losses, File.ReadAllBytes(losses)[..^5]);
        Same(expected, Run(cut));

        new TrialRunner(Options(stopped), TimeProvider.System).Forget(Lease);
        Assert.Equal(["preprocessing.json", "samples.npy", "trajectory.npy", "weights.safetensors"], Files(stopped));
    }

    /// <summary>A metric that is described and measured by nothing, or the other way round, shows here.</summary>
    [Fact]
    public void Run_WhenEveryDiagnosticIsAsked_StoresEveryMetricOfTheRegistry()
    {
        TrialSpec trial = Read(
            "sweep: s\nseeds: 1\naxes:\n  dataset: {kind: gmm-product, dimensions: 1}\n  width: 8\nnetwork: {hidden_layers: 1}\n"
            + "training: {steps: 20, batch: 16, points: 100}\nsampling: {steps: 30, samples: 64}\n"
            + "diagnostics: {bifurcation: true, error_decomposition: true, likelihood: true, validation_loss: true, "
            + "symmetry_breaking: true, total_correlation: true, principal_components: true, collapse: true, sigmas: [0.1, 1]}\n");
        using Scratch scratch = new();
        TrialResult result = Run(scratch, trial);
        Assert.Equal(MetricKinds.All.Where(m => m is not IDerivedMetric).Select(m => m.Name).Order(StringComparer.Ordinal),
            result.Metrics.Keys.Order(StringComparer.Ordinal));
        Assert.All(MetricKinds.All.OfType<IDerivedMetric>(), m => Assert.NotEqual(MetricReader.NotMeasured, MetricReader.Read(trial, result, m.Name).Reason));
    }

    [Fact]
    public void Run_WhenTheDensityIsNotKnown_SaysSoOfEveryLikelihoodAndLeavesOutTheRest()
    {
        TrialSpec trial = Read(
            "sweep: s\nseeds: 1\naxes:\n  dataset: moons\n  width: 8\nnetwork: {hidden_layers: 1}\ntraining: {steps: 20, batch: 16, points: 100}\nsampling: "
                + "{steps: 30, samples: 64}\n");
        using Scratch scratch = new();
        TrialResult result = Run(scratch, trial);
        Assert.Equal(
            MetricKinds.Measured.Where(m => (m.Needs & (MetricNeeds.Modes | MetricNeeds.OneDimension)) == MetricNeeds.Nothing).Select(m => m.Name)
                .Order(StringComparer.Ordinal),
            result.Metrics.Keys.Order(StringComparer.Ordinal));
        Assert.All(
            new[] { "log_likelihood", "log_likelihood_total_variation", "steps_to_threshold" },
            m => Assert.Equal(new MetricValue(null, null, "the dataset's density is not known"), result.Metrics[m]));
    }

    private static void Same(TrialResult expected, TrialResult actual)
    {
        Assert.Equal(expected.Curves.Keys.Order(StringComparer.Ordinal), actual.Curves.Keys.Order(StringComparer.Ordinal));
        Assert.All(expected.Curves, c => Assert.Equal(c.Value, actual.Curves[c.Key]));
    }

    private static TrialSpec Read(string spec)
    {
        SpecReading reading = SpecReader.ReadText(spec, "spec.yaml", Path.GetTempPath(), SpecCatalogue.Default);
        Assert.Empty(reading.Errors);
        return TrialExpansion.Expand(reading.Spec!).Single();
    }

    private static Lease Lease { get; } =
        new() { SweepId = "0123456789abcdef", Trial = Trial, Attempt = 1, FencingToken = 1, Expires = DateTimeOffset.MaxValue };

    private static IEnumerable<string> Files(Scratch scratch) =>
        Directory.GetFiles(Path.Combine(scratch.Path, Trial.Id)).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal);

    private static SiloOptions Options(Scratch scratch) => new() { Id = "test", Slots = 1, ArtifactsDirectory = scratch.Path };

    private static TrialResult Run(Scratch scratch, TrialSpec? trial = null) =>
        new TrialRunner(Options(scratch), TimeProvider.System)
            .Run(new AttemptProgress(trial is null ? Lease : Lease with { Trial = trial }, DateTimeOffset.UnixEpoch), TestContext.Current.CancellationToken);

    /// <summary>After step 30 and before the last: a run asks for the time now and then, and at the twelfth time it is stopped.</summary>
    private static void StopOnTheWay(Scratch scratch)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var runner = new TrialRunner(Options(scratch), new StoppingClock(stop, 12));
        Assert.Throws<OperationCanceledException>(() => runner.Run(new AttemptProgress(Lease, DateTimeOffset.UnixEpoch), stop.Token));
        Assert.Equal(["checkpoint.bin", "losses.bin", "snapshot-0.safetensors", "snapshot-30.safetensors"], Files(scratch));
    }

    private sealed class StoppingClock(CancellationTokenSource stop, int at) : TimeProvider
    {
        private int _asked;

        public override long GetTimestamp()
        {
            if (++_asked == at)
                stop.Cancel();
            return 0;
        }
    }
}
