using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Networks.Reference;
using Sweep.Diffusion.Schedules;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;
using Sweep.Silo;
using Sweep.Silo.Diagnostics;
using Sweep.Silo.Preparation;
using Xunit;

namespace Sweep.Tests.Silo.Diagnostics;

/// <summary>Diagnostics of reference denoisers, whose answers are known.</summary>
public sealed class TrialDiagnosticsTests
{
    private const string Everything =
        "explained_share: [gaussian, mixture, delta, exact, identity], denoising_error: true, bifurcation: true, error_decomposition: true, sigmas: [0.05, "
        + "0.5, 2]";

    [Fact]
    public void Measure_OfTheExactDenoiser_FindsNoErrorOfItsOwn()
    {
        DiagnosticResults results = Measure(Trial(Everything), ReferenceKinds.Exact);

        Assert.Empty(results.Notes);
        Assert.Equal([1, 1, 1], results.Curves["explained_score.exact"]);
        Assert.Equal([1, 1, 1], results.Curves["explained_denoiser.exact"]);
        Assert.Equal(results.Curves["denoising_error.exact"], results.Curves["denoising_error"]);
        Assert.Equal(results.Curves["bifurcation.exact"], results.Curves["bifurcation"]);
        Assert.Equal(results.Metrics["bifurcation_sigma"].Value, results.Metrics["bifurcation_sigma"].TruthLevel);
        Assert.Equal(0, results.Metrics["error.score"].Value);
        Assert.Equal(0, results.Metrics["path_error.score"].Value);
        Assert.True(results.Metrics["path_error.discretisation"].Value > 1e-4);
        Assert.InRange(results.Metrics["path_error.initialisation"].Value!.Value, 1e-4, 0.2);

        // The ring's modes are 0.77 apart with standard deviations of 0.08.
        Assert.True(results.Curves["bifurcation"][0] > 0.99 && results.Curves["bifurcation"][2] < 0.4);
        Assert.InRange(results.Metrics["bifurcation_sigma"].Value!.Value, 0.1, 1);
    }

    [Fact]
    public void Measure_OfTheGaussian_IsExplainedByTheReferencesThatAreNear()
    {
        DiagnosticResults results = Measure(Trial(Everything), ReferenceKinds.Gaussian);

        Assert.Equal([1, 1, 1], results.Curves["explained_score.gaussian"]);
        Assert.All(results.Curves["explained_score.identity"], share => Assert.InRange(share, 0.99, 1));
        Assert.True(results.Curves["explained_score.exact"][0] < 0);
        Assert.InRange(results.Curves["explained_score.exact"][2], 0.99, 1);
        Assert.All(results.Curves["denoising_error"].Zip(results.Curves["denoising_error.exact"]), e => Assert.True(e.First > e.Second));
        Assert.True(results.Metrics["error.score"].Value > 0.005);
        Assert.True(results.Metrics["path_error.score"].Value > results.Metrics["path_error.discretisation"].Value);
    }

    [Fact]
    public void Measure_Always_LeavesCurvesThatTheirAxisKnows()
    {
        TrialSpec trial = Trial(Everything);
        foreach ((string name, float[] curve) in Measure(trial, ReferenceKinds.Gaussian).Curves)
            Assert.Equal((CurveAxis.Sigma, curve.Length), (CurveAxis.Of(name, trial, curve.Length).Kind, 3));
    }

    [Fact]
    public void Measure_WhenThereIsNoExactScore_LeavesOutWhatTakesItAndSaysSo()
    {
        TrialSpec trial = Trial(Everything, preprocessing: "[gaussianize, none]");
        DiagnosticResults results = Measure(trial, ReferenceKinds.Gaussian);

        Assert.Equal(
            [
                "diagnostics.explained_share: exact was left out: the density of the preprocessed data can't be written down",
                "diagnostics.error_decomposition was left out: the density of the preprocessed data can't be written down",
            ],
            results.Notes);
        Assert.DoesNotContain(results.Curves.Keys, n => n.EndsWith(".exact", StringComparison.Ordinal));
        Assert.Equal(["bifurcation_sigma"], results.Metrics.Keys);
        Assert.Null(results.Metrics["bifurcation_sigma"].TruthLevel);
    }

    [Fact]
    public void Measure_WhenNothingIsTrained_LeavesOutTheTrainingSteps()
    {
        DiagnosticResults results = Measure(Trial("explained_share: identity, training_steps: [1]"), ReferenceKinds.Exact);

        Assert.Equal(["diagnostics.training_steps was left out: nothing is trained"], results.Notes);
        Assert.Equal(["explained_denoiser.identity", "explained_score.identity", "explained_score_per_sample.identity"],
            results.Curves.Keys.Order(StringComparer.Ordinal));
    }

    /// <summary>The Gaussian's path by Heun's method against its closed form, and the exact score's against itself.</summary>
    [Theory]
    [InlineData(ReferenceKinds.Gaussian)]
    [InlineData(ReferenceKinds.Exact)]
    public void Measure_OfAPathByItself_IsAllOfIt(string kind)
    {
        DiagnosticResults results = Measure(Trial($"explained_path: [identity, {kind}], sigmas: [0.05, 0.5, 2, 80]"), kind);

        // Heun's 8 steps from each level to the next err by a hundredth of the spread.
        Assert.All(results.Curves[$"explained_path.{kind}"], share => Assert.InRange(share, 0.9995, 1));

        // All begin at the same noise; on the ring the Gaussian is the scaled identity.
        Assert.Equal(1, results.Curves["explained_path.identity"][^1]);
        Assert.True(kind == ReferenceKinds.Gaussian ? results.Curves["explained_path.identity"][0] > 0.99
            : results.Curves["explained_path.identity"][0] < 0.98);
    }

    [Fact]
    public void Measure_OfTotalCorrelation_IsOfTheMapAlone() =>
        Assert.InRange(Measure(Trial("total_correlation: true"), ReferenceKinds.Gaussian).Metrics["total_correlation"].Value!.Value, 1, 3);

    /// <summary>Eight modes about the mean part from it; a Gaussian's paths never do.</summary>
    [Fact]
    public void Measure_OfSymmetryBreaking_FindsItInTheExactScoreAloneWhereTheModelIsAGaussian()
    {
        DiagnosticResults results = Measure(Trial("symmetry_breaking: true, sigmas: [0.05, 0.1, 0.2, 0.5, 1, 2]"), ReferenceKinds.Gaussian);

        Assert.All(results.Curves["mean_gain"], gain => Assert.InRange(gain, 0, 1));
        Assert.Equal("at no two neighbouring sigmas does the gain pass 1", results.Metrics["symmetry_breaking_sigma"].Reason);
        double exact = results.Metrics["symmetry_breaking_sigma.exact"].Value!.Value;
        Assert.InRange(exact, 0.5, 1);
        Assert.Equal(exact, results.Metrics["symmetry_breaking_sigma"].TruthLevel);
    }

    /// <summary>A mixture of as many Gaussians as the ring has explains what the exact score does; one, or one variance for all, does not.</summary>
    [Fact]
    public void Measure_OfReferencesWithNumbers_FitsWhatTheirNamesSay()
    {
        DiagnosticResults results = Measure(
            Trial("explained_share: [mixture-8, mixture-8-rank-1, gaussian-rank-1, gaussian-shrunk, gaussian], explained_path: mixture-2, sigmas: [0.1]"),
            ReferenceKinds.Exact);

        Assert.True(results.Curves["explained_score.mixture-8"][0] > 0.97);
        Assert.InRange(results.Curves["explained_score.mixture-8-rank-1"][0], 0.9, 1);
        Assert.True(results.Curves["explained_score.gaussian"][0] < 0.5);

        // In two dimensions a rank of 1 is a full covariance, and 400 points shrink hardly at all.
        Assert.Equal(results.Curves["explained_score.gaussian"][0], results.Curves["explained_score.gaussian-rank-1"][0], 1e-4);
        Assert.Equal(results.Curves["explained_score.gaussian"][0], results.Curves["explained_score.gaussian-shrunk"][0], 0.02);
        Assert.Contains("explained_path.mixture-2", results.Curves.Keys);
    }

    [Fact]
    public void Measure_OfPrincipalComponents_IsTheClosedFormWhereTheModelIsTheGaussian()
    {
        TrialSpec trial = Trial("principal_components: true, sigmas: [0.1, 0.5, 2]", dataset: "{kind: gmm-aniso, dimensions: 4}");
        DiagnosticResults results = Measure(trial, ReferenceKinds.Gaussian);

        Assert.Equal(
            ["emerged.pc_1", "emerged.pc_1.gaussian", "emerged.pc_2", "emerged.pc_2.gaussian", "emerged.pc_4", "emerged.pc_4.gaussian", "out_of_plane",
                "out_of_plane.of_others", "perturbation.pc_1", "perturbation.pc_1.gaussian", "perturbation.pc_2", "perturbation.pc_2.gaussian",
                "perturbation.pc_4", "perturbation.pc_4.gaussian"],
            results.Curves.Keys.Order(StringComparer.Ordinal));
        Assert.All(results.Curves.Where(c => c.Key.EndsWith(".gaussian", StringComparison.Ordinal)), c =>
            Assert.Equal(c.Value, results.Curves[c.Key[..^CurveNames.Gaussian.Length]], (a, b) => Math.Abs((a / b) - 1) < 0.02));
        Assert.Equal(1, results.Metrics["emergence_order"].Value);
        Assert.Equal(1, results.Metrics["emergence_slope"].Value!.Value, 0.02);
        Assert.Equal(1, results.Metrics["emergence_order"].TruthLevel);
        Assert.InRange(results.Metrics["emergence_slope"].TruthLevel!.Value, 0.5, 1.5);
        Assert.All(results.Curves, c => Assert.Equal(CurveAxis.Sigma, CurveAxis.KindOf(c.Key)));
        Assert.All(results.Curves["out_of_plane"].Zip(results.Curves["out_of_plane.of_others"]), p => Assert.True(p.First < p.Second));
    }

    [Fact]
    public void Measure_OfPrincipalComponentsOfARing_SaysWhyThereIsNoSlope() => Assert.Equal(
        "the principal components' variances are too alike, or they are there from the start",
        Measure(Trial("principal_components: true, sigmas: [0.5]"), ReferenceKinds.Gaussian).Metrics["emergence_slope"].Reason);

    [Fact]
    public void Measure_OfCollapse_IsOfTheDataAloneBesideTheory()
    {
        TrialSpec trial = Trial("collapse: true, sigmas: [0.005, 0.01, 0.02, 0.05, 0.1]");
        DiagnosticResults results = Measure(trial, ReferenceKinds.Gaussian);

        Assert.Equal(results.Curves["collapse"], Measure(trial, ReferenceKinds.Identity).Curves["collapse"]);
        Assert.True(results.Curves["collapse"][0] > 0.8 && results.Curves["collapse"][^1] < 0.1);
        MetricValue sigma = results.Metrics["collapse_sigma"];
        Assert.Equal(results.Metrics["collapse_sigma.theory"].Value, sigma.TruthLevel);
        Assert.InRange(sigma.Value!.Value / sigma.TruthLevel!.Value, 0.3, 3);
    }

    [Fact]
    public void Measure_WhenTheSamplerAddsNoise_DecomposesADeterministicOneAndSaysSo()
    {
        DiagnosticResults results = Measure(Trial("error_decomposition: true", "sampler: ddpm, steps: 100", "vp-linear"), ReferenceKinds.Exact);

        Assert.Equal(["error_decomposition: ddim with eta 0 in place of ddpm, as paths can be compared only without added noise"], results.Notes);
        Assert.InRange(results.Metrics["path_error.discretisation"].Value!.Value, 0.001, 0.2);
    }

    [Fact]
    public void Measure_WhenTheTrialTeleports_CountsItAsDiscretisation()
    {
        double Discretisation(string sampling) =>
            Measure(Trial("error_decomposition: true", sampling), ReferenceKinds.Exact).Metrics["path_error.discretisation"].Value!.Value;

        // The Gaussian has no modes: skipping past their scale moves the paths' ends.
        Assert.True(Discretisation("steps: 40, teleport: {sigma: 0.2}") > 2 * Discretisation("steps: 40"));
    }

    [Fact]
    public void Measure_WhenNothingIsAsked_LeavesNothing()
    {
        DiagnosticResults results = Measure(Trial(""), ReferenceKinds.Exact);
        Assert.Equal((0, 0, 0), (results.Curves.Count, results.Metrics.Count, results.Notes.Count));
    }

    [Fact]
    public void Of_WhenDiagnosticsAreAsked_CostsMore()
    {
        Assert.Equal(0, DiagnosticCost.Of(Trial(""), 20).ModelRows);
        DiagnosticCost cost = DiagnosticCost.Of(Trial(Everything + ", training_steps: [1, 2]"), 20);
        Assert.Equal(400 * ((3 * 3) + 3 + (3 * 47) + 255 + 20), cost.ModelRows);
        Assert.Equal(
            [("gaussian", 1200.0), ("mixture", 1200), ("delta", 1200), ("exact", 400 * (3 + 3 + (3 * 47) + 510)), ("identity", 1200)],
            cost.References.Select(r => (r.Trial.Network.Kind, r.Rows)));
        Assert.True(TrialCost.Estimate(Trial(Everything)) > TrialCost.Estimate(Trial("")));
    }

    private static DiagnosticResults Measure(TrialSpec trial, string model)
    {
        PreparedData data = new DataStage().Prepare(trial);
        ISchedule schedule = TrialKinds.Create(ScheduleKinds.Registry, trial.Schedule);
        IDenoiser denoiser = ReferenceDenoisers.Create(new(model), data, 0, cancellationToken: TestContext.Current.CancellationToken);
        var shares = new List<double>();
        DiagnosticResults results = Diagnosed.Measure(
            new DiagnosticInput { Trial = trial, Data = data, Schedule = schedule, Model = denoiser }, shares.Add);
        Assert.Equal(shares.Order(), shares);
        return results;
    }

    private static TrialSpec Trial(string diagnostics, string sampling = "steps: 18", string schedule = "edm", string preprocessing = "none",
        string dataset = "gmm-ring")
    {
        SpecReading reading = SpecReader.ReadText(
            $"sweep: s\nseeds: 1\naxes:\n  dataset: {dataset}\n  preprocessing: {preprocessing}\n  schedule: {schedule}\ntraining: {{points: 400}}\n"
            + $"sampling: {{sampler: heun, samples: 400, {sampling}}}\n".Replace("sampler: heun, samples: 400, sampler", "samples: 400, sampler",
                StringComparison.Ordinal)
            + $"diagnostics: {{{diagnostics}}}\n",
            "spec.yaml", Path.GetTempPath(), SpecCatalogue.Default);
        Assert.Empty(reading.Errors);
        return TrialExpansion.Expand(reading.Spec!).First();
    }
}
