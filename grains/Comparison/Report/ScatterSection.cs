namespace Sweep.Grains.Comparison.Report;

/// <summary>
/// Samples of one dataset as points in a plane: true ones that training did not see, and what the trials of the first seed generated. Beyond two dimensions
/// the plane is that of the true points' first two principal components, the same for all. A cloud is in base64 without line breaks: (count, axes) unsigned
/// 16-bit numbers, little-endian, 0 for <see cref="Low"/> and 65535 for <see cref="High"/>.
/// </summary>
public sealed record ScatterSection
{
    /// <summary>The dataset's label.</summary>
    public required string Dataset { get; init; }

    /// <summary>Of the data space.</summary>
    public required int Dimensions { get; init; }

    /// <summary>What the one or two coordinates of a point are called.</summary>
    public required IReadOnlyList<string> Axes { get; init; }

    /// <summary>The share of the true points' variance that lies in the plane; null where the plane is the whole space.</summary>
    public double? Explained { get; init; }

    /// <summary>The picture's edge, per axis: the true points and a quarter of their range on either side.</summary>
    public required IReadOnlyList<double> Low { get; init; }

    public required IReadOnlyList<double> High { get; init; }

    /// <summary>True points, as a cloud.</summary>
    public required string Truth { get; init; }

    /// <summary>One for each group whose artifacts were found, in the report's order.</summary>
    public required IReadOnlyList<GroupScatter> Groups { get; init; }
}
