using System.Text.Json.Nodes;
using Sweep.Diffusion.Numerics;

namespace Sweep.Grains.Specs;

/// <summary>An axis of a search: a list, or a range.</summary>
/// <param name="Count">Values of the list.</param>
/// <param name="Range">Null for a list.</param>
internal sealed record SearchAxis(int Count, AxisRange? Range);

/// <summary>
/// The settings of a search: the points of its sequence in their order, without those whose setting an earlier point had. More groups therefore go on where
/// fewer ended. Axes that vary are the sequence's dimensions, in the sweep's order; of a list of n values a coordinate u has the value number n u, rounded
/// down.
/// </summary>
/// <param name="Values">By axis: of a range the values that some point has, rising; null for a list.</param>
/// <param name="Places">By group, its value's index on every axis. Fewer than asked for where the sequence doesn't come to so many settings.</param>
internal sealed record SearchPoints(IReadOnlyList<IReadOnlyList<JsonNode>?> Values, IReadOnlyList<int[]> Places)
{
    public const int MaxSobolAxes = ScrambledSobol.MaxDimensions;

    /// <summary>Points that are looked at for a group, and at the least: of settings that are nearly all there are, the last take long to come up.</summary>
    private const long PointsPerGroup = 64, LeastPoints = 1024;

    /// <summary>Random points are counted apart from a scrambling's coins, whose rows are bits.</summary>
    private const uint RandomRow = 32;

    public static SearchPoints Of(IReadOnlyList<SearchAxis> axes, SearchSpec search)
    {
        int[] varying = [.. Enumerable.Range(0, axes.Count).Where(i => axes[i].Range is not null || axes[i].Count > 1)];
        ScrambledSobol? sobol = search.Method == SearchSpec.Sobol ? new ScrambledSobol(varying.Length, (ulong)search.Seed) : null;
        double[] point = new double[varying.Length];
        HashSet<string> seen = new(StringComparer.Ordinal);
        List<(int[] Place, JsonNode?[] Drawn)> groups = [];
        uint points = (uint)Math.Min(uint.MaxValue, Math.Max(LeastPoints, PointsPerGroup * search.Groups));
        for (uint index = 0; index < points && groups.Count < search.Groups; index++)
        {
            if (sobol is not null)
                sobol.Point(index, point);
            else
                Random((ulong)search.Seed, index, point);
            int[] place = new int[axes.Count];
            JsonNode?[] drawn = new JsonNode?[axes.Count];
            for (int d = 0; d < varying.Length; d++)
            {
                int axis = varying[d];
                if (axes[axis].Range is { } range)
                    drawn[axis] = range.At(point[d]);
                else
                    place[axis] = (int)(point[d] * axes[axis].Count);
            }

            if (seen.Add(string.Join(',', place.Zip(drawn, (p, v) => v is null ? $"{p}" : CanonicalJson.Write(v)))))
                groups.Add((place, drawn));
        }

        IReadOnlyList<JsonNode>?[] values = new IReadOnlyList<JsonNode>?[axes.Count];
        foreach (int axis in varying.Where(a => axes[a].Range is not null))
        {
            JsonNode[] rising = [.. groups.Select(g => g.Drawn[axis]!).DistinctBy(CanonicalJson.Write).OrderBy(Number)];
            values[axis] = rising;
            Dictionary<double, int> places = rising.Select((v, i) => (Number(v), i)).ToDictionary(v => v.Item1, v => v.i);
            foreach ((int[] place, JsonNode?[] drawn) in groups)
                place[axis] = places[Number(drawn[axis]!)];
        }

        return new SearchPoints(values, [.. groups.Select(g => g.Place)]);
    }

    private static void Random(ulong seed, uint index, Span<double> point)
    {
        const double Cells = 1UL << 32;
        for (int d = 0; d < point.Length; d++)
            point[d] = (Philox.Words(seed, index, RandomRow, (uint)d, NoisePurpose.SearchPoints).A + 0.5) / Cells;
    }

    private static double Number(JsonNode value) => value.AsValue().TryGetValue(out long whole) ? whole : value.GetValue<double>();
}
