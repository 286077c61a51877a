using Sweep.Diffusion.Datasets;

namespace Sweep.Silo;

/// <summary>One replicate of a dataset, with the sampling floors of the metrics: the same for every trial of that dataset and seed.</summary>
internal sealed record DrawnData
{
    public required IDataset Dataset { get; init; }

    public required DatasetSplit Split { get; init; }

    public required MetricFloors Floors { get; init; }
}
