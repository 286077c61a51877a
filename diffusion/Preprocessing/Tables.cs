using System.Buffers.Binary;
using System.Text.Json.Nodes;

namespace Sweep.Diffusion.Preprocessing;

/// <summary>
/// Reads and writes the parts of a saved preprocessing. Tables are base64 of little-endian IEEE doubles, so that what is loaded is bit-equal on any
/// machine; what doesn't fit is a <see cref="PreprocessingException"/>.
/// </summary>
internal static class Tables
{
    public static JsonNode Write(ReadOnlySpan<double> values)
    {
        var bytes = new byte[values.Length * sizeof(double)];
        for (int i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(i * sizeof(double)), values[i]);
        return JsonValue.Create(Convert.ToBase64String(bytes));
    }

    public static double[] Table(this JsonObject saved, string name, int length)
    {
        var bytes = new byte[checked(length * sizeof(double))];
        if (!Convert.TryFromBase64String(saved.Text(name), bytes, out int written) || written != bytes.Length)
            throw new PreprocessingException($"saved preprocessing, {name}: not base64 of {length} doubles");
        var values = new double[length];
        for (int i = 0; i < length; i++)
            values[i] = BinaryPrimitives.ReadDoubleLittleEndian(bytes.AsSpan(i * sizeof(double)));
        return values;
    }

    public static string Text(this JsonObject saved, string name) =>
        saved[name] is JsonValue v && v.TryGetValue(out string? text) ? text : throw Missing(saved, name, "a string");

    public static double Number(this JsonObject saved, string name) =>
        saved[name] is JsonValue v && v.TryGetValue(out double number) ? number : throw Missing(saved, name, "a number");

    public static int Count(this JsonObject saved, string name) =>
        saved[name] is JsonValue v && v.TryGetValue(out int number) && number >= 0 ? number : throw Missing(saved, name, "a count");

    public static bool Flag(this JsonObject saved, string name) =>
        saved[name] is JsonValue v && v.TryGetValue(out bool flag) ? flag : throw Missing(saved, name, "true or false");

    public static IReadOnlyList<JsonObject> Objects(this JsonObject saved, string name) =>
        saved[name] is JsonArray a && a.All(n => n is JsonObject) ? [.. a.Select(n => n!.AsObject())] : throw Missing(saved, name, "a list of objects");

    private static PreprocessingException Missing(JsonObject saved, string name, string allowed) =>
        new($"saved preprocessing, {name}: {saved[name]?.ToJsonString() ?? "nothing"}; allowed: {allowed}");
}
