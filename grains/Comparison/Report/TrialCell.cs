using System.Text.Json.Nodes;
using Sweep.Grains.Coordination;

namespace Sweep.Grains.Comparison.Report;

/// <summary>One point of all axes with its completed trials by seed.</summary>
/// <param name="Place">The index of the value on every axis, in the spec's axis order.</param>
/// <param name="Axes">Axis name to value, in the spec's order.</param>
/// <param name="BySeed">Completed trials; a seed that failed or waits is missing.</param>
internal sealed record TrialCell(int[] Place, JsonObject Axes, IReadOnlyDictionary<long, CompletedTrial> BySeed);
