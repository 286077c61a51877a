using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Diagnostics;

namespace Sweep.Client.Report;

/// <summary>
/// Where points of a dataset are drawn: at their coordinates up to two dimensions, else at their first two principal components, by the covariance of the true
/// points.
/// </summary>
internal sealed class SamplePlane
{
    /// <summary>Room around the true points, in their range.</summary>
    private const double Margin = 0.25;

    private readonly PrincipalAxes? _components;

    /// <param name="truth">At least one point.</param>
    public SamplePlane(PointSet truth)
    {
        Dimensions = truth.Dimensions;
        _components = Dimensions > 2 ? PrincipalAxes.Of(truth, [1, 2]) : null;
        Axes = _components is null ? [.. Enumerable.Range(0, Dimensions).Select(j => truth.ColumnNames?[j] ?? $"x{j + 1}")]
            : ["principal component 1", "principal component 2"];
        double[] points = Project(truth.Values);
        (Low, High) = (new double[Axes.Length], new double[Axes.Length]);
        for (int k = 0; k < Axes.Length; k++)
        {
            double[] along = [.. Enumerable.Range(0, truth.Count).Select(i => points[(i * Axes.Length) + k])];
            double room = Margin * (along.Max() - along.Min() is > 0 and var range ? range : 1);
            (Low[k], High[k]) = (along.Min() - room, along.Max() + room);
        }
    }

    /// <summary>Of the data space.</summary>
    public int Dimensions { get; }

    public string[] Axes { get; }

    /// <summary>The share of variance in the plane; null up to two dimensions.</summary>
    public double? Explained => _components?.Explained;

    public double[] Low { get; }

    public double[] High { get; }

    /// <summary>Points within the edge as a cloud of <see cref="Grains.Comparison.Report.ScatterSection"/>, and how many are not.</summary>
    /// <param name="rows">Row-major (count, dimensions).</param>
    public (string Cloud, int Outside) Draw(double[] rows) => PointCloud.Within(Project(rows), Low, High);

    /// <summary>Edges three times as far apart, about the same middle: for what strays.</summary>
    public (double[] Low, double[] High) Widened() =>
        ([.. Low.Zip(High, (low, high) => low - (high - low))], [.. Low.Zip(High, (low, high) => high + (high - low))]);

    /// <summary>Row-major (count, dimensions) to (count, axes).</summary>
    public double[] Project(double[] rows) => _components is not { } components ? rows
        : [.. Enumerable.Range(0, rows.Length / Dimensions).SelectMany(i => components.Places.Select((_, k) =>
            components.Along(k, rows.AsSpan(i * Dimensions, Dimensions))))];
}
