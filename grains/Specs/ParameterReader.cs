using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sweep.Diffusion.Kinds;
using Sweep.Grains.Specs.Yaml;

namespace Sweep.Grains.Specs;

/// <summary>Reads values as their <see cref="Parameter"/> declares them.</summary>
internal static class ParameterReader
{
    /// <summary>Reads a value, or reports why it is none.</summary>
    /// <param name="what">What errors call it: <c>training.steps</c>.</param>
    public static bool TryRead(Parameter parameter, YamlNode node, string what, SpecErrors errors, out JsonNode value)
    {
        var read = parameter.Kind == ParameterKind.Json ? Json(node, what, errors) : Scalar(parameter, node);
        value = read!;
        if (read is not null) return true;
        // Nested values report their own errors, at their own lines.
        if (parameter.Kind != ParameterKind.Json) errors.Add(node.Line, Wrong(parameter, node, what));
        else if (YamlScalars.IsNull(node)) errors.Add(node.Line, $"{what}: nothing; allowed: {Allowed(parameter)}");
        return false;
    }

    /// <summary>What a parameter may hold, in words: <c>a whole number from 4 to 1024</c>.</summary>
    public static string Allowed(Parameter parameter) => parameter.Kind switch
    {
        ParameterKind.Integer => "a whole number" + Range(parameter),
        ParameterKind.Real => "a number" + Range(parameter) + string.Concat(parameter.Choices.Select(w => ", or " + w)),
        ParameterKind.Text => parameter.Choices.Count > 0 ? string.Join(", ", parameter.Choices) : "text",
        ParameterKind.Flag => "true, false",
        _ => "a list or a mapping",
    };

    /// <summary>A node as text for errors.</summary>
    public static string Show(YamlNode node) => node switch
    {
        YamlText text => YamlScalars.IsNull(node) ? "nothing" : SpecWords.Show(text.Text),
        YamlList list => list.Items.Count == 0 ? "an empty list" : "a list",
        _ => "a mapping",
    };

    /// <summary>A node as text for errors, where a number or a flag is wanted: the quotes are what is wrong with '5'.</summary>
    public static string ShowAsNumber(YamlNode node) => node is YamlText { Plain: false } ? $"\"{Show(node)}\" in quotes" : Show(node);

    /// <summary>A number as written in messages and labels.</summary>
    public static string Show(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    private static JsonValue? Scalar(Parameter parameter, YamlNode node)
    {
        if (node is not YamlText scalar || YamlScalars.Value(scalar) is not JsonValue value) return null;
        switch (parameter.Kind)
        {
            case ParameterKind.Flag:
                return value.GetValueKind() is JsonValueKind.True or JsonValueKind.False ? value : null;
            case ParameterKind.Text:
                // Any scalar will do where any text does: a column or a file may be called 2024.
                return parameter.Choices.Count == 0 || parameter.Choices.Contains(scalar.Text, StringComparer.Ordinal) ? JsonValue.Create(scalar.Text) : null;
            case ParameterKind.Real when parameter.Choices.Contains(scalar.Text, StringComparer.Ordinal):
                return JsonValue.Create(scalar.Text);
            case ParameterKind.Real:
                return Number(value) is { } real && InRange(parameter, real) ? JsonValue.Create(real == 0 ? 0 : real) : null;
            default:
                return Whole(value) is { } whole && InRange(parameter, whole) ? JsonValue.Create(whole) : null;
        }
    }

    /// <summary>A finite number; null for anything else.</summary>
    public static double? Number(JsonValue value) =>
        value.TryGetValue(out long integer) ? integer : value.TryGetValue(out double real) && double.IsFinite(real) ? real : null;

    /// <summary>A whole number (4e3 is one); null for anything else.</summary>
    public static long? Whole(JsonValue value)
    {
        if (value.TryGetValue(out long integer)) return integer;
        return value.TryGetValue(out double real) && Math.Abs(real) < 9e15 && Math.Truncate(real) == real ? (long)real : null;
    }

    private static bool InRange(Parameter parameter, double number) =>
        number <= parameter.Maximum && (parameter.MinimumExclusive ? number > parameter.Minimum : number >= parameter.Minimum);

    private static string Range(Parameter parameter)
    {
        var (low, high) = (double.IsFinite(parameter.Minimum), double.IsFinite(parameter.Maximum));
        return (low, high) switch
        {
            (true, true) when parameter.MinimumExclusive => $" above {Show(parameter.Minimum)}, at most {Show(parameter.Maximum)}",
            (true, true) => $" from {Show(parameter.Minimum)} to {Show(parameter.Maximum)}",
            (true, false) => (parameter.MinimumExclusive ? " above " : " of at least ") + Show(parameter.Minimum),
            (false, true) => $" of at most {Show(parameter.Maximum)}",
            _ => "",
        };
    }

    private static string Wrong(Parameter parameter, YamlNode node, string what)
    {
        var offer = node is YamlText text && parameter.Choices.Count > 0 ? SpecWords.Nearest(text.Text, parameter.Choices) : null;
        var shown = parameter.Kind != ParameterKind.Text ? ShowAsNumber(node) : Show(node);
        return $"{what}: {shown}{(offer is null ? "" : $" (did you mean {offer}?)")}; allowed: {Allowed(parameter)}";
    }

    private static JsonNode? Json(YamlNode node, string what, SpecErrors errors)
    {
        switch (node)
        {
            case YamlText scalar:
                var value = YamlScalars.Value(scalar);
                if (value is not JsonValue number || !number.TryGetValue(out double real) || double.IsFinite(real)) return value;
                errors.Add(node.Line, $"{what}: {Show(node)}; allowed: finite numbers");
                return null;
            case YamlList list:
                var items = new JsonArray();
                foreach (var item in list.Items) items.Add(Json(item, what, errors));
                return items;
            default:
                var members = new JsonObject();
                foreach (var entry in ((YamlMap)node).Entries) members.Add(entry.Key, Json(entry.Value, what, errors));
                return members;
        }
    }
}
