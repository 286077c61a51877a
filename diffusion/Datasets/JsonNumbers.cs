using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sweep.Diffusion.Kinds;

namespace Sweep.Diffusion.Datasets;

/// <summary>Reads the nested lists and mappings of parameters that are declared as JSON; every error names where it is.</summary>
internal static class JsonNumbers
{
    /// <summary>A finite number.</summary>
    internal static double Number(JsonNode? node, string where)
    {
        // Through the text, because a node made in code may hold any numeric type.
        if (node is JsonValue value && value.GetValueKind() == JsonValueKind.Number
            && double.TryParse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            && double.IsFinite(number))
            return number;
        // The quotes are what is wrong with "5".
        throw node is JsonValue text && text.GetValueKind() == JsonValueKind.String
            && double.TryParse(text.GetValue<string>(), NumberStyles.Float, CultureInfo.InvariantCulture, out _)
            ? new KindException($"{where}: {Shorten(text.ToJsonString())} in quotes; allowed: a finite number")
            : Wrong(node, where, "a finite number");
    }

    /// <summary>A finite number greater than 0.</summary>
    internal static double Positive(JsonNode? node, string where)
    {
        double number = Number(node, where);
        return number > 0 ? number : throw Wrong(node, where, "a number greater than 0");
    }

    /// <summary>A list with at least one item.</summary>
    internal static JsonArray List(JsonNode? node, string where, string allowed) =>
        node is JsonArray { Count: > 0 } list ? list : throw Wrong(node, where, allowed);

    /// <summary>A list of finite numbers.</summary>
    internal static double[] Numbers(JsonNode? node, string where, string allowed) =>
        List(node, where, allowed).Select((item, i) => Number(item, $"{where}[{i}]")).ToArray();

    internal static KindException Wrong(JsonNode? node, string where, string allowed) =>
        new($"{where}: {Shorten(node?.ToJsonString() ?? "nothing")}; allowed: {allowed}");

    private static string Shorten(string text) => text.Length <= 80 ? text : text[..77] + "...";
}
