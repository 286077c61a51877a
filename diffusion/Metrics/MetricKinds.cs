using System.Collections.Frozen;

namespace Sweep.Diffusion.Metrics;

/// <summary>Every metric there is.</summary>
public static class MetricKinds
{
    /// <summary>In the order in which reports show them.</summary>
    public static IReadOnlyList<IMetric> All { get; } =
    [
        new LogLikelihood(), new LogLikelihoodGap(), new EnergyDistance(), new SlicedWasserstein(), new KlEquiprobable(),
        DiagnosticMetrics.NegativeLogLikelihood, DiagnosticMetrics.BitsPerDimension,
        new ModeCoverage(), new ModePrecision(), new StepsToThreshold(), new TotalVariation(), DiagnosticMetrics.StepsToFinalLoss,
        DiagnosticMetrics.ValidationLoss, new DenoiserEvaluations(), new RoundTripError(), new FitIterations(),
        DiagnosticMetrics.BifurcationSigma, DiagnosticMetrics.BifurcationSigmaExact,
        DiagnosticMetrics.TotalCorrelation, DiagnosticMetrics.SymmetryBreakingSigma, DiagnosticMetrics.SymmetryBreakingSigmaExact,
        DiagnosticMetrics.EmergenceOrder, DiagnosticMetrics.EmergenceSlope, DiagnosticMetrics.CollapseSigma, DiagnosticMetrics.CollapseSigmaTheory,
        DiagnosticMetrics.ErrorInitialisation, DiagnosticMetrics.ErrorScore, DiagnosticMetrics.ErrorDiscretisation,
        DiagnosticMetrics.PathErrorInitialisation, DiagnosticMetrics.PathErrorScore, DiagnosticMetrics.PathErrorDiscretisation,
        new TrainSeconds(), new SampleSeconds(),
    ];

    private static readonly FrozenDictionary<string, IMetric> ByName = All.ToFrozenDictionary(m => m.Name, StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, int> Places = All.Index().ToFrozenDictionary(m => m.Item.Name, m => m.Index, StringComparer.Ordinal);

    /// <summary>Those that every trial measures that has what they need.</summary>
    public static IReadOnlyList<IMeasuredMetric> Measured { get; } = [.. All.OfType<IMeasuredMetric>()];

    /// <summary>Null when nothing is called so.</summary>
    public static IMetric? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>Where a metric stands in <see cref="All"/>; behind all of them when nothing is called so.</summary>
    public static int Place(string name) => Places.GetValueOrDefault(name, All.Count);
}
