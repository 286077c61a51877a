using Sweep.Diffusion.Datasets;
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

public sealed class HeldOutLikelihoodTests
{
    [Theory]
    [InlineData("gmm-ring", "standardize", "vp-linear")]
    [InlineData("gmm-ring", "standardize", "edm")]
    [InlineData("{kind: gmm-product, dimensions: 3}", "ica", "vp-cosine")]
    public void Measure_OfTheExactDenoiser_IsTheTruth(string dataset, string preprocessing, string schedule)
    {
        DiagnosticResults results = Measure(Trial(dataset, preprocessing, schedule, 200), ReferenceKinds.Exact);
        MetricValue nats = results.Metrics["negative_log_likelihood"], bits = results.Metrics["bits_per_dimension"];
        Assert.Equal(nats.TruthLevel!.Value, nats.Value!.Value, Tolerances.FlowNats);
        Assert.Equal(bits.TruthLevel!.Value, bits.Value!.Value, Tolerances.FlowNats);
        Assert.Empty(results.Notes);
    }

    /// <summary>A Gaussian in latent space has a density there that is known, and the map's log|det J| carries it to data space.</summary>
    [Theory]
    [InlineData("gaussianize")]
    [InlineData("{kind: gaussianize, layers: 3, rotation: pca}")]
    public void Measure_BehindAMapThatIsNotAffine_IsInDataSpace(string preprocessing)
    {
        PreparedData data = new DataStage().Prepare(Trial("moons", preprocessing, "edm", 200));
        DiagnosticResults results = Measure(Trial("moons", preprocessing, "edm", 200), ReferenceKinds.Gaussian);

        double[] latent = data.LatentPoints().Values, mean = [0, 0], covariance = new double[4];
        int n = latent.Length / 2;
        for (int i = 0; i < latent.Length; i++)
            mean[i % 2] += latent[i] / n;
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < 4; j++)
                covariance[j] += (latent[(2 * i) + (j / 2)] - mean[j / 2]) * (latent[(2 * i) + (j % 2)] - mean[j % 2]) / n;
        }

        double[] test = data.Drawn.Split.Test.Values, seen = new double[test.Length], densities = new double[200], determinants = new double[200];
        data.Fitted.Forward(test, seen);
        GaussianMixture.Full([1], mean, covariance).LogDensity(seen, densities);
        data.Fitted.LogAbsDeterminant(test, determinants);
        MetricValue nats = results.Metrics["negative_log_likelihood"];
        Assert.Equal(-(densities.Average() + determinants.Average()), nats.Value!.Value, Tolerances.FlowNats);
        Assert.Null(nats.TruthLevel);
        Assert.Equal(nats.Value!.Value / (2 * Math.Log(2)), results.Metrics["bits_per_dimension"].Value!.Value, Tolerances.FlowNats);
    }

    [Fact]
    public void Measure_BeyondTheExactDimensions_SaysTheStandardErrorOfTheRandomDirections()
    {
        DiagnosticResults results = Measure(Trial("{kind: gmm-random, dimensions: 20}", "standardize", "edm", 40), ReferenceKinds.Gaussian);
        Assert.StartsWith(
            "negative_log_likelihood: divergence along 4 random directions a point (Hutchinson); standard error ", Assert.Single(results.Notes),
                StringComparison.Ordinal);
        Assert.EndsWith(" with that of 40 points", results.Notes[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Measure_WhenThereAreManyPoints_TakesTheFirstOnes()
    {
        PreparedData data = new DataStage().Prepare(Trial("gmm-ring", "standardize", "edm", 2000));
        var nats = new double[HeldOutLikelihood.MaxPoints];
        data.Drawn.Dataset.Density!.LogDensity(data.Drawn.Split.Test.Values.AsSpan(0, 2 * HeldOutLikelihood.MaxPoints), nats);
        MetricValue found = Measure(Trial("gmm-ring", "standardize", "edm", 2000), ReferenceKinds.Identity).Metrics["negative_log_likelihood"];
        Assert.Equal(-nats.Average(), found.TruthLevel!.Value, Tolerances.FlowNats);
        Assert.True(found.Value > found.TruthLevel + 0.5);
    }

    [Fact]
    public void Measure_WhenTheModelDiverged_SaysSoInPlaceOfAValue()
    {
        TrialSpec trial = Trial("gmm-ring", "standardize", "edm", 20);
        var results = new DiagnosticResults();
        HeldOutLikelihood.Measure(
            new DiagnosticInput { Trial = trial, Data = new DataStage().Prepare(trial), Schedule = new EdmKarras(), Model = new Diverged() }, results,
                TestContext.Current.CancellationToken);
        Assert.Null(results.Metrics["negative_log_likelihood"].Value);
        Assert.NotNull(results.Metrics["negative_log_likelihood"].Reason);
        Assert.NotNull(results.Metrics["bits_per_dimension"].Reason);
    }

    [Fact]
    public void Measure_OfTheTrainingPointsAlone_SaysThatTheyHaveNoDensity()
    {
        TrialSpec trial = Trial("gmm-ring", "standardize", "edm", 20, "network: {kind: delta}\n");
        DiagnosticResults results = Measure(trial, ReferenceKinds.Delta);
        Assert.Equal(new MetricValue(null, results.Metrics["negative_log_likelihood"].TruthLevel, "points alone, a delta mixture, have no density"),
            results.Metrics["negative_log_likelihood"]);
        Assert.Equal(0, DiagnosticCost.Of(trial, 1).ModelRows);
    }

    [Fact]
    public void CostOf_WhenALikelihoodIsAsked_CountsItsRows()
    {
        TrialSpec trial = Trial("gmm-ring", "standardize", "edm", 200);
        Assert.Equal(HeldOutLikelihood.Rows(trial, 2), DiagnosticCost.Of(trial, 1).ModelRows);
        Assert.True(HeldOutLikelihood.Rows(trial, 16) > HeldOutLikelihood.Rows(trial, 17));
    }

    private static DiagnosticResults Measure(TrialSpec trial, string kind)
    {
        PreparedData data = new DataStage().Prepare(trial);
        var input = new DiagnosticInput
        {
            Trial = trial,
            Data = data,
            Schedule = TrialKinds.Create(ScheduleKinds.Registry, trial.Schedule),
            Model = ReferenceDenoisers.Create(new(kind), data, 0, cancellationToken: TestContext.Current.CancellationToken),
        };
        return Diagnosed.Measure(input, _ => { });
    }

    private static TrialSpec Trial(string dataset, string preprocessing, string schedule, int samples, string more = "")
    {
        SpecReading reading = SpecReader.ReadText(
            $"sweep: s\nseeds: 1\naxes:\n  dataset: {dataset}\n  preprocessing: {preprocessing}\n  schedule: {schedule}\ntraining: {{points: "
                + $"1000}}\nsampling: {{samples: {samples}}}\ndiagnostics: {{likelihood: true}}\n{more}",
            "spec.yaml", Path.GetTempPath(), SpecCatalogue.Default);
        Assert.Empty(reading.Errors);
        return TrialExpansion.Expand(reading.Spec!).Single();
    }

    private sealed class Diverged : IDenoiser
    {
        public int Dimensions => 2;

        public void Denoise(ReadOnlySpan<double> x, NoiseLevel level, Span<double> x0Hat) => x0Hat.Fill(double.NaN);
    }
}
