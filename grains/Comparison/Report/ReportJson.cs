using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sweep.Grains.Comparison.Report;

/// <summary>Reads and writes report.json.</summary>
public static class ReportJson
{
    private static readonly JsonSerializerOptions Compact = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,

        // Readable: only what JSON itself demands is escaped. The page that embeds it escapes for HTML on its own.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.Never,
        Converters = { new FiniteOrNull(), new SingleFiniteOrNull() },
    };

    /// <summary>The document as UTF-8 JSON; numbers read back to the same bits.</summary>
    public static byte[] Serialize(ReportDocument document) => JsonSerializer.SerializeToUtf8Bytes(document, Compact);

    /// <summary>One comparison, as the document has it.</summary>
    public static JsonElement Element(ComparisonSection comparison) => JsonSerializer.SerializeToElement(comparison, Compact);

    /// <summary>The same as text.</summary>
    public static string Write(ReportDocument document) => JsonSerializer.Serialize(document, Compact);

    /// <summary>Reads what <see cref="Serialize"/> wrote, in this version.</summary>
    /// <exception cref="JsonException">Not a report.</exception>
    public static ReportDocument Deserialize(ReadOnlySpan<byte> utf8) =>
        JsonSerializer.Deserialize<ReportDocument>(utf8, Compact) ?? throw new JsonException("the report is null; allowed: an object");

    /// <summary>What is not finite has no JSON; what makes the report says why beside it. One that slipped through must not cost the whole report.</summary>
    private sealed class FiniteOrNull : JsonConverter<double>
    {
        public override bool HandleNull => true;

        public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.Null ? double.NaN : reader.GetDouble();

        public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
        {
            if (double.IsFinite(value))
                writer.WriteNumberValue(value);
            else
                writer.WriteNullValue();
        }
    }

    private sealed class SingleFiniteOrNull : JsonConverter<float>
    {
        public override bool HandleNull => true;

        public override float Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.Null ? float.NaN : reader.GetSingle();

        public override void Write(Utf8JsonWriter writer, float value, JsonSerializerOptions options)
        {
            if (float.IsFinite(value))
                writer.WriteNumberValue(value);
            else
                writer.WriteNullValue();
        }
    }
}
