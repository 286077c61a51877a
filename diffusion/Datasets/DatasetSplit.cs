namespace Sweep.Diffusion.Datasets;

/// <summary>
/// What a trial gets of a dataset. No row of one set is a row of another. <see cref="Test"/> and <see cref="Fresh"/> are fresh true samples:
/// metrics compare a trial's samples with Test, and their truth level is Fresh compared with Test.
/// </summary>
public sealed record DatasetSplit
{
    public required PointSet Training { get; init; }

    public required PointSet Validation { get; init; }

    public required PointSet Test { get; init; }

    public required PointSet Fresh { get; init; }
}
