using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Sweep.Diffusion.Kinds;

namespace Sweep.Grains.Specs;

/// <summary>
/// A range of numbers that a search draws an axis' values from. Values are written with as many digits as the range needs and no more: six significant ones on
/// a logarithmic scale, millionths of the span on a linear one, so that the last bits of a logarithm, which processors differ in, never make another trial.
/// </summary>
/// <param name="From">The least value.</param>
/// <param name="To">The largest, above it.</param>
/// <param name="Scale"><see cref="Linear"/>, <see cref="Log"/> or <see cref="Log2"/>: what values are spread evenly on.</param>
/// <param name="Integer">Whether values are whole numbers.</param>
public sealed record AxisRange(double From, double To, string Scale, bool Integer)
{
    public const string Linear = "linear", Log = "log", Log2 = "log2";

    private const int Digits = 5;

    private const double Half = 0.5;

    /// <summary>The scales, the default first.</summary>
    public static IReadOnlyList<string> Scales { get; } = [Linear, Log, Log2];

    /// <summary>True where the axis' own values are whole numbers, and not only those of this range.</summary>
    [JsonIgnore]
    public bool IsCounted { get; init; }

    /// <summary>What a value must be a multiple of, as the ends are.</summary>
    [JsonIgnore]
    public int MultipleOf { get; init; } = 1;

    private bool IsLinear => string.Equals(Scale, Linear, StringComparison.Ordinal);

    /// <summary>The value at a share of the scale.</summary>
    /// <param name="share">In (0, 1).</param>
    public JsonNode At(double share)
    {
        double value = Integer ? Whole(share) : Real(share);
        return IsCounted ? JsonValue.Create((long)value) : JsonValue.Create(value);
    }

    /// <summary>Where a value is on the scale, in the unit that slopes are told in: itself, its decimal logarithm, or its binary one.</summary>
    public double Coordinate(double value) => Scale switch { Log => Math.Log10(value), Log2 => Math.Log2(value), _ => value };

    /// <summary>As a resolved spec has it.</summary>
    internal JsonObject Write()
    {
        JsonObject json = new() { ["from"] = End(From), ["to"] = End(To), ["scale"] = Scale };
        if (Integer)
            json.Add("integer", true);
        return json;
    }

    /// <summary>Of a resolved spec.</summary>
    internal static AxisRange Read(JsonObject json, AxisDefinition axis) => Of(
        axis, json["from"]!.GetValue<double>(), json["to"]!.GetValue<double>(), json["scale"]!.GetValue<string>(), json["integer"]?.GetValue<bool>() ?? false);

    internal static AxisRange Of(AxisDefinition axis, double from, double to, string scale, bool integer) => new(from, to, scale, integer)
    {
        IsCounted = axis.Key!.Parameter.Kind == ParameterKind.Integer, MultipleOf = axis.Key.MultipleOf,
    };

    private JsonValue End(double value) => Integer ? JsonValue.Create((long)value) : JsonValue.Create(value);

    /// <summary>Each whole number's share of the scale is that of what rounds to it; on a linear one all have the same.</summary>
    private double Whole(double share)
    {
        double low = From / MultipleOf, high = To / MultipleOf;
        double value = IsLinear ? low + Math.Floor(share * (high - low + 1)) : Math.Round(Between(low - Half, high + Half, share));
        return Math.Clamp(value, low, high) * MultipleOf;
    }

    private double Real(double share)
    {
        double value = IsLinear ? From + (share * (To - From)) : Between(From, To, share);
        int digits = Digits;
        if (IsLinear)
        {
            if (value == 0)
                return value;
            digits = Math.Clamp(Decade(value) - Decade(To - From) + Digits + 1, 0, 15);
        }

        string text = value.ToString("E" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        return Math.Clamp(double.Parse(text, CultureInfo.InvariantCulture), From, To);
    }

    private static double Between(double low, double high, double share) => Math.Exp(Math.Log(low) + (share * (Math.Log(high) - Math.Log(low))));

    private static int Decade(double value) => (int)Math.Floor(Math.Log10(Math.Abs(value)));
}
