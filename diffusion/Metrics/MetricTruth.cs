using Sweep.Diffusion.Datasets;

namespace Sweep.Diffusion.Metrics;

/// <summary>
/// The true side of one replicate of a dataset: the test points that samples are compared with, the fresh true samples that truth levels are of, and what
/// metrics work out of both once for all trials. Immutable, thread-safe.
/// </summary>
public sealed class MetricTruth
{
    private readonly Dictionary<string, double?> _levels = new(StringComparer.Ordinal);

    public MetricTruth(IDataset dataset, DatasetSplit split)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(split);
        (Dataset, Test, Fresh) = (dataset, split.Test, split.Fresh);
        WithinTest = EnergyDistance.WithinMean(Test.Values, Test.Dimensions);
        Bins = EquiprobableBins.For(dataset.Density);
        FreshModes = dataset.Modes is { } modes ? ModeMetrics.Of(Fresh.Values, Fresh.Dimensions, modes) : null;
        foreach (IMeasuredMetric metric in MetricKinds.Measured)
            _levels[metric.Name] = metric.Needs.Lacking(dataset) == MetricNeeds.Nothing ? metric.TruthLevel(this) : null;
    }

    public IDataset Dataset { get; }

    /// <summary>True points that training doesn't see.</summary>
    public PointSet Test { get; }

    /// <summary>A second set of such points.</summary>
    public PointSet Fresh { get; }

    /// <summary>The mean distance between two test points: part of every energy distance.</summary>
    public double WithinTest { get; }

    /// <summary>Null where the distribution function isn't known.</summary>
    public EquiprobableBins? Bins { get; }

    /// <summary>Of <see cref="Fresh"/>; null where the modes aren't known.</summary>
    public ModeMetrics? FreshModes { get; }

    /// <summary>A metric's truth level; null where it has none, or the dataset has not what it needs.</summary>
    public double? Level(string metric) => _levels.GetValueOrDefault(metric);
}
