using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sweep.Grains.Comparison.Statistics.Racing;

/// <summary>Where a race stands, as a store keeps it: numbers read back to the same bits.</summary>
public static class RaceJson
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        IgnoreReadOnlyProperties = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower), new Lent() },
    };

    public static string Write(RaceState state) => JsonSerializer.Serialize(state, Options);

    /// <exception cref="JsonException">It is none.</exception>
    public static RaceState Read(string json) =>
        JsonSerializer.Deserialize<RaceState>(json, Options) ?? throw new JsonException("a race's state is null; allowed: an object");

    /// <summary><c>[degrees of freedom, variance]</c>.</summary>
    private sealed class Lent : JsonConverter<(double Degrees, double Variance)>
    {
        public override (double Degrees, double Variance) Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            JsonSerializer.Deserialize<double[]>(ref reader, options) is [var degrees, var variance] ? (degrees, variance)
                : throw new JsonException("lent variance is not two numbers");

        public override void Write(Utf8JsonWriter writer, (double Degrees, double Variance) value, JsonSerializerOptions options)
        {
            writer.WriteStartArray();
            writer.WriteNumberValue(value.Degrees);
            writer.WriteNumberValue(value.Variance);
            writer.WriteEndArray();
        }
    }
}
