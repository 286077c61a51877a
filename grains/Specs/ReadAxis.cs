using System.Text.Json.Nodes;
using Sweep.Diffusion.Text;

namespace Sweep.Grains.Specs;

/// <summary>An axis as read.</summary>
/// <param name="Line">Where the spec has it; 1 where a default fills it in.</param>
/// <param name="Values">As in <see cref="SweepSpec.Resolved"/>: kinds with their parameters, or scalars.</param>
/// <param name="Labels">As in <see cref="SweepAxis.Values"/>.</param>
/// <param name="Instances">What the kinds created; empty for ordinary values.</param>
internal sealed record ReadAxis(
    AxisDefinition Definition, int Line, IReadOnlyList<JsonNode> Values, IReadOnlyList<JsonNode> Labels, IReadOnlyList<object> Instances)
{
    /// <summary>Where each value stands, where each is a kind; else empty.</summary>
    public IReadOnlyList<int> Lines { get; init; } = [];

    /// <summary>What a search draws the values from; null for a list. Values and labels are those of its points, and none before they are known.</summary>
    public AxisRange? Range { get; init; }

    /// <summary>The label, as text, that a spec names, however its characters are composed; null when the axis has no such value.</summary>
    public string? Find(Yaml.YamlNode node)
    {
        if (node is not Yaml.YamlText text) return null;
        // 1e-3 and 0.001 are the same value.
        var written = Yaml.YamlScalars.Value(text) is { } value ? CanonicalJson.Write(value) : text.Text;
        return Labels.Select(Text).FirstOrDefault(l => Nfc.Same(l, text.Text) || string.Equals(l, written, StringComparison.Ordinal));
    }

    /// <summary>A label as text.</summary>
    public static string Text(JsonNode label) =>
        label.GetValueKind() == System.Text.Json.JsonValueKind.String ? label.GetValue<string>() : CanonicalJson.Write(label);
}
