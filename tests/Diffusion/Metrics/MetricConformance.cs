using Sweep.Diffusion.Metrics;
using Sweep.Grains.Comparison.Report;
using Sweep.Grains.Specs;
using Xunit;

namespace Sweep.Tests.Diffusion.Metrics;

/// <summary>What IMetric promises, and that everything which reads the registry knows the metric, for any implementation.</summary>
public abstract class MetricConformance(IMetric metric)
{
    /// <summary>Has what any metric may need: one dimension, a known density and modes, an affine preprocessing, a trained network, every diagnostic.</summary>
    private const string Everything = """
        sweep: s
        seeds: 3
        axes:
          dataset: {kind: gmm-product, name: line, dimensions: 1}
          preprocessing: [none, standardize]
        diagnostics: {explained_share: [exact], denoising_error: true, bifurcation: true, error_decomposition: true, likelihood: true, validation_loss: true,
            symmetry_breaking: true, total_correlation: true, principal_components: true, collapse: true, training_steps: [10]}
        """;

    public string Name => metric.Name;

    [Fact]
    public void Description_Always_IsFitToBeShown()
    {
        Assert.Matches("^[a-z][a-z0-9_]*(\\.[a-z0-9_]+)?$", metric.Name);
        Assert.Matches("^[A-Z].*[^.]$", metric.Label);
        Assert.Matches("^[A-Z].*\\.$", metric.Explanation);
        Assert.Equal(metric.Unit.Trim(), metric.Unit);
        Assert.True(metric.Least < metric.Most, $"{metric.Least} to {metric.Most}");
    }

    [Fact]
    public void Registry_Always_HasItOnce()
    {
        Assert.Same(metric.GetType(), MetricKinds.Find(metric.Name)?.GetType());
        Assert.Single(MetricKinds.All, m => m.Name == metric.Name || m.Label == metric.Label);
    }

    [Fact]
    public void Report_Always_KnowsWhichWayIsBetter()
    {
        MetricInfo shown = Assert.Single(MetricWords.Of([metric.Name]));
        Assert.Equal((metric.Label, metric.Unit, metric.Explanation), (shown.Label, shown.Unit, shown.Explanation));
        Assert.Equal(metric.Better switch { MetricBetter.Higher => "higher", MetricBetter.Lower => "lower", _ => "truth_level" }, shown.Better);
    }

    [Fact]
    public void Spec_Always_MayCompareAndExpectIt()
    {
        SpecReading reading = SpecReader.ReadText(
            $"{Everything}\ncompare: {{metric: {metric.Name}}}\nexpect:\n  - {{claim: c, metric: {metric.Name}, is: '> 0'}}\n", "spec.yaml", Path.GetTempPath(),
                SpecCatalogue.Default);
        Assert.Empty(reading.Errors);
        Assert.Equal(metric.Name, reading.Spec!.Compare.Metric);
    }

    [Fact]
    public void Spec_WhenADiagnosticMeasuresIt_MustAskForThat()
    {
        SpecReading reading = SpecReader.ReadText(
            Everything[..Everything.IndexOf("diagnostics", StringComparison.Ordinal)] + $"expect:\n  - {{claim: c, metric: {metric.Name}, is: '> 0'}}\n",
                "spec.yaml", Path.GetTempPath(), SpecCatalogue.Default);
        Assert.Equal(
            metric.Diagnostic is null
                ? [] : [$"spec.yaml:7: expect: c: {metric.Name} needs diagnostics.{metric.Diagnostic} (at preprocessing none); allowed: what every trial that "
                + $"where covers has"],
            reading.Errors.Select(e => e.ToString()));
    }
}
