namespace Sweep.Diffusion.Datasets;

/// <summary>
/// A source of points. Lifecycle: created once from its parameters (what is random in its definition comes from its
/// definition_seed, or for a file from the file), then immutable and thread-safe. <see cref="Draw"/> is a pure function of sizes and seed: the same
/// seed gives the same points on any machine.
/// </summary>
public interface IDataset
{
    /// <summary>Dimensions of a point.</summary>
    int Dimensions { get; }

    /// <summary>The exact density, or null when it is not known.</summary>
    IDensity? Density { get; }

    /// <summary>The modes, or null when they are not known.</summary>
    IModes? Modes { get; }

    /// <summary>Pixels in a row of its points, which are square images of one channel, row by row; null when they are no images.</summary>
    int? ImageSide => null;

    /// <summary>What the columns are called; null when they have no names.</summary>
    IReadOnlyList<string>? ColumnNames => null;

    /// <summary>What whoever reads results should know of how the points came about, such as rows that were left out: notes of every trial.</summary>
    IReadOnlyList<string> Notes => [];

    /// <summary>Whether seeds split the same finite rows again, rather than draw new points.</summary>
    bool IsFinite => false;

    /// <summary>Draws the sets of one replicate; they never overlap.</summary>
    DatasetSplit Draw(SplitSizes sizes, ulong seed);
}
