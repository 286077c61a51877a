using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;
using Tree = YamlDotNet.RepresentationModel;

namespace Sweep.Grains.Specs.Yaml;

/// <summary>Values as YAML that <see cref="SpecReader"/> reads back as the same values.</summary>
public static partial class YamlWriter
{
    private const int MaxFlow = 100;

    /// <summary>The text, ending with a line feed: mappings a line per key, short lists of scalars and short inner mappings on one.</summary>
    public static string Write(JsonNode value)
    {
        ArgumentNullException.ThrowIfNull(value);
        using StringWriter text = new() { NewLine = "\n" };
        new YamlStream(new YamlDocument(Node(value, outermost: true))).Save(text, assignAnchors: false);

        // The library ends a document with its mark, which no file needs.
        string written = text.ToString();
        return written.EndsWith("...\n", StringComparison.Ordinal) ? written[..^4] : written;
    }

    private static Tree.YamlNode Node(JsonNode? value, bool outermost = false)
    {
        switch (value)
        {
            case JsonObject members:
                YamlMappingNode mapping = new(members.SelectMany(m => new[] { Scalar(m.Key), Node(m.Value) }));
                bool inner = !outermost && members.All(m => m.Value is not (JsonObject or JsonArray)) && members.ToJsonString().Length <= MaxFlow;
                mapping.Style = inner ? MappingStyle.Flow : MappingStyle.Block;
                return mapping;
            case JsonArray items:
                YamlSequenceNode sequence = new(items.Select(i => Node(i)));
                sequence.Style = items.Count == 0 || (items.All(i => i is not (JsonObject or JsonArray)) && items.ToJsonString().Length <= MaxFlow)
                    ? SequenceStyle.Flow : SequenceStyle.Block;
                return sequence;
            case JsonValue scalar when scalar.GetValueKind() == JsonValueKind.String:
                return Scalar(scalar.GetValue<string>());
            default:
                return new YamlScalarNode(value?.ToJsonString() ?? "null") { Style = ScalarStyle.Plain };
        }
    }

    /// <summary>A string, quoted unless it can be nothing else.</summary>
    private static YamlScalarNode Scalar(string text) =>
        new(text) { Style = Plain().IsMatch(text) && !Word().IsMatch(text) ? ScalarStyle.Plain : ScalarStyle.DoubleQuoted };

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9_./-]*$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Plain();

    /// <summary>What YAML 1.1 or 1.2 takes for something else.</summary>
    [GeneratedRegex("^(true|false|null|yes|no|on|off|y|n|nan|inf)$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Word();
}
