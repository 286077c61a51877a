using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Sweep.Grains.Comparison.Report;

/// <summary>
/// What one trial made of its space: true points and samples in latent space, the fitted map, sampling paths, and the score. The trial is the first seed of a
/// dataset and an arm at the middle of all other axes. Clouds are as in <see cref="ScatterSection"/>, between the edges that are given.
/// </summary>
public sealed record FieldSection
{
    /// <summary>The dataset's label.</summary>
    public required string Dataset { get; init; }

    /// <summary>The group's axes, as in <see cref="GroupSection.Axes"/>.</summary>
    public required JsonObject Axes { get; init; }

    public required string Trial { get; init; }

    public required long Seed { get; init; }

    /// <summary>Of the data space.</summary>
    public required int Dimensions { get; init; }

    /// <summary>Latent clouds lie within plus and minus this, per axis: standard deviations where the fit has made data Gaussian.</summary>
    public required double LatentEdge { get; init; }

    /// <summary>The first one or two latent coordinates of true points that training did not see.</summary>
    public required string LatentTruth { get; init; }

    /// <summary>The same of the first samples.</summary>
    public required string LatentPoints { get; init; }

    /// <summary>Lines of a square latent grid, mapped back to data space: polylines within <see cref="Low"/> and <see cref="High"/>, of two dimensions alone.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Grid { get; init; }

    /// <summary>Edges of the grid and the paths, in the units and the plane of the dataset's <see cref="ScatterSection"/>: three times as wide.</summary>
    public required IReadOnlyList<double> Low { get; init; }

    public required IReadOnlyList<double> High { get; init; }

    /// <summary>Left out where the trial's trajectory is not at hand.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SamplingPaths? Paths { get; init; }

    /// <summary>By noise level, of two dimensions; left out where the network is not at hand.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ScoreField>? Scores { get; init; }
}

/// <summary>Some samples on their way, mapped back to data space.</summary>
/// <param name="Moments">Points of each path.</param>
/// <param name="Points">One path after the other, as a cloud; what lies beyond an edge is put on it.</param>
/// <param name="Modes">Of each path the mode that its end is nearest to; left out where the data have no known modes.</param>
public sealed record SamplingPaths(
    int Moments, string Points, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<int>? Modes);

/// <summary>
/// Where a denoiser sends points of a square grid in latent space: by Tweedie's formula the score of the noised data times sigma squared, as an arrow from the
/// point.
/// </summary>
/// <param name="Sigma">The noise level: noise over signal, in standard deviations of latent data.</param>
/// <param name="Edge">The grid lies within plus and minus this.</param>
/// <param name="Side">Points of a side; rows upwards, points of a row rightwards.</param>
/// <param name="Learned">Ends of the network's arrows, as a cloud within twice the edge.</param>
/// <param name="Exact">Of the exact score; left out where it isn't known.</param>
public sealed record ScoreField(
    double Sigma, double Edge, int Side, string Learned, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Exact);
