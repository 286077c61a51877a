using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Metrics;

namespace Sweep.Silo.Preparation;

/// <summary>One replicate of a dataset, with the metrics' truth levels: the same for every trial of that dataset and seed.</summary>
internal sealed record DrawnData
{
    public required IDataset Dataset { get; init; }

    public required DatasetSplit Split { get; init; }

    public required MetricTruth Truth { get; init; }
}
