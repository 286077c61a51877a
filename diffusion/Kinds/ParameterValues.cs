using System.Text.Json.Nodes;

namespace Sweep.Diffusion.Kinds;

/// <summary>
/// The resolved values (defaults filled in, ranges checked) of a kind's parameters. Read-only in use; the getters throw
/// <see cref="KindException"/> when a value is missing or of another type, which a validated spec cannot cause.
/// </summary>
public sealed class ParameterValues(JsonObject values)
{
    public static ParameterValues Empty { get; } = new([]);

    public bool Has(string name) => values[name] is not null;

    public int Integer(string name) => (int)Number(name);

    public long Long(string name) => (long)Number(name);

    public double Real(string name) => Number(name);

    public bool Flag(string name) => Get<bool>(name);

    public string Text(string name) => Get<string>(name);

    /// <summary>The number, or null where the value is one of the words a <see cref="Parameter.RealOr"/> allows.</summary>
    public double? RealOrNull(string name) =>
        values[name] is JsonValue v && v.GetValueKind() == System.Text.Json.JsonValueKind.Number ? Number(name) : null;

    public JsonNode? Json(string name) => values[name];

    private double Number(string name) =>
        values[name] is JsonValue v && v.GetValueKind() == System.Text.Json.JsonValueKind.Number
            ? double.Parse(v.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture)
            : throw new KindException($"{name}: {values[name]?.ToJsonString() ?? "nothing"}; allowed: a number");

    private T Get<T>(string name) =>
        values[name] is JsonValue v && v.TryGetValue(out T? value)
            ? value
            : throw new KindException($"{name}: {values[name]?.ToJsonString() ?? "nothing"}; allowed: {typeof(T).Name}");
}
