using Sweep.Diffusion.Metrics;
using Xunit;

namespace Sweep.Tests.Diffusion.Metrics;

#pragma warning disable SA1402, MA0048 // A line per metric.

public sealed class LogLikelihoodConformance() : MeasuredMetricConformance(new LogLikelihood());
public sealed class LogLikelihoodGapConformance() : DerivedMetricConformance(new LogLikelihoodGap());
public sealed class EnergyDistanceConformance() : MeasuredMetricConformance(new EnergyDistance());
public sealed class SlicedWassersteinConformance() : MeasuredMetricConformance(new SlicedWasserstein());
public sealed class KlEquiprobableConformance() : MeasuredMetricConformance(new KlEquiprobable());
public sealed class NegativeLogLikelihoodConformance() : MetricConformance(DiagnosticMetrics.NegativeLogLikelihood);
public sealed class BitsPerDimensionConformance() : MetricConformance(DiagnosticMetrics.BitsPerDimension);
public sealed class ModeCoverageConformance() : MeasuredMetricConformance(new ModeCoverage());
public sealed class ModePrecisionConformance() : MeasuredMetricConformance(new ModePrecision());
public sealed class StepsToThresholdConformance() : MeasuredMetricConformance(new StepsToThreshold());
public sealed class TotalVariationConformance() : MeasuredMetricConformance(new TotalVariation());
public sealed class StepsToFinalLossConformance() : MetricConformance(DiagnosticMetrics.StepsToFinalLoss);
public sealed class ValidationLossConformance() : MetricConformance(DiagnosticMetrics.ValidationLoss);
public sealed class DenoiserEvaluationsConformance() : MeasuredMetricConformance(new DenoiserEvaluations());
public sealed class RoundTripErrorConformance() : MeasuredMetricConformance(new RoundTripError());
public sealed class BifurcationSigmaConformance() : MetricConformance(DiagnosticMetrics.BifurcationSigma);
public sealed class BifurcationSigmaExactConformance() : MetricConformance(DiagnosticMetrics.BifurcationSigmaExact);
public sealed class TotalCorrelationConformance() : MetricConformance(DiagnosticMetrics.TotalCorrelation);
public sealed class SymmetryBreakingSigmaConformance() : MetricConformance(DiagnosticMetrics.SymmetryBreakingSigma);
public sealed class SymmetryBreakingSigmaExactConformance() : MetricConformance(DiagnosticMetrics.SymmetryBreakingSigmaExact);
public sealed class EmergenceOrderConformance() : MetricConformance(DiagnosticMetrics.EmergenceOrder);
public sealed class EmergenceSlopeConformance() : MetricConformance(DiagnosticMetrics.EmergenceSlope);
public sealed class CollapseSigmaConformance() : MetricConformance(DiagnosticMetrics.CollapseSigma);
public sealed class CollapseSigmaTheoryConformance() : MetricConformance(DiagnosticMetrics.CollapseSigmaTheory);
public sealed class FitIterationsConformance() : MeasuredMetricConformance(new FitIterations());
public sealed class ErrorInitialisationConformance() : MetricConformance(DiagnosticMetrics.ErrorInitialisation);
public sealed class ErrorScoreConformance() : MetricConformance(DiagnosticMetrics.ErrorScore);
public sealed class ErrorDiscretisationConformance() : MetricConformance(DiagnosticMetrics.ErrorDiscretisation);
public sealed class PathErrorInitialisationConformance() : MetricConformance(DiagnosticMetrics.PathErrorInitialisation);
public sealed class PathErrorScoreConformance() : MetricConformance(DiagnosticMetrics.PathErrorScore);
public sealed class PathErrorDiscretisationConformance() : MetricConformance(DiagnosticMetrics.PathErrorDiscretisation);
public sealed class TrainSecondsConformance() : MeasuredMetricConformance(new TrainSeconds());
public sealed class SampleSecondsConformance() : MeasuredMetricConformance(new SampleSeconds());

public sealed class MetricConformances
{
    /// <summary>What leads whoever writes a metric's file to its line in the registry.</summary>
    [Fact]
    public void Registry_Always_HasEveryImplementation() => Assert.Equal(
        typeof(IMetric).Assembly.GetTypes().Where(t => t is { IsAbstract: false, IsInterface: false } && t.IsAssignableTo(typeof(IMetric))).Select(t => t.Name)
            .Order(StringComparer.Ordinal),
        MetricKinds.All.Select(m => m.GetType().Name).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));

    /// <summary>And from there to the line above.</summary>
    [Fact]
    public void Registry_Always_HasAConformanceSuiteOfEveryMetric()
    {
        string[] tested = [.. typeof(MetricConformance).Assembly.GetTypes().Where(t => !t.IsAbstract && t.IsAssignableTo(typeof(MetricConformance)))
            .Select(t => ((MetricConformance)Activator.CreateInstance(t)!).Name)];
        Assert.Equal(MetricKinds.All.Select(m => m.Name).Order(StringComparer.Ordinal), tested.Order(StringComparer.Ordinal));
    }
}
