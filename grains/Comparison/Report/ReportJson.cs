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
}
