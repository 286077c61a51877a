using System.Text.Json.Nodes;

namespace Sweep.Grains.Specs;

/// <summary>An axis as read.</summary>
/// <param name="Line">Where the spec has it; 1 where a default fills it in.</param>
/// <param name="Values">As in <see cref="SweepSpec.Resolved"/>: kinds with their parameters, or scalars.</param>
/// <param name="Labels">As in <see cref="SweepAxis.Values"/>.</param>
/// <param name="Instances">What the kinds created; empty for ordinary values.</param>
internal sealed record ReadAxis(
    AxisDefinition Definition, int Line, IReadOnlyList<JsonNode> Values, IReadOnlyList<JsonNode> Labels, IReadOnlyList<object> Instances)
{
    /// <summary>A label as text.</summary>
    public static string Text(JsonNode label) =>
        label.GetValueKind() == System.Text.Json.JsonValueKind.String ? label.GetValue<string>() : CanonicalJson.Write(label);
}
