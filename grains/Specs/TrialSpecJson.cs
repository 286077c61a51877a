using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Sweep.Grains.Specs;

/// <summary>
/// Trials as JSON, snake_case, as stores and artifacts keep them. Members that a reader doesn't know are skipped, so that newer files stay readable.
/// </summary>
public static class TrialSpecJson
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        RespectNullableAnnotations = true,
    };

    public static string Write(TrialSpec trial) => JsonSerializer.Serialize(trial, Options);

    /// <exception cref="JsonException">The text is not a trial.</exception>
    public static TrialSpec Read(string json) =>
        JsonSerializer.Deserialize<TrialSpec>(json, Options) ?? throw new JsonException("a trial is null");

    /// <summary>A section (<see cref="TrainingSpec"/>…) or kind from its resolved JSON.</summary>
    internal static T Section<T>(JsonNode json)
        where T : class => json.Deserialize<T>(Options) ?? throw new JsonException("a section is null");

    internal static JsonObject ToJson<T>(T value)
        where T : class => JsonSerializer.SerializeToNode(value, Options)!.AsObject();
}
