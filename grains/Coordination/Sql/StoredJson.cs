using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Sweep.Grains.Specs;

namespace Sweep.Grains.Coordination.Sql;

/// <summary>
/// Trial specs and notes as stored: snake_case JSON. Renaming a property of <see cref="TrialSpec"/> breaks stores that exist; a checked-in sample
/// guards it.
/// </summary>
internal static class StoredJson
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        // Shown to nobody as it is: whoever puts it on a page encodes it there.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Write(TrialSpec trial) => JsonSerializer.Serialize(trial, Options);

    public static TrialSpec ReadTrial(string json) => Read<TrialSpec>(json);

    public static string Write(IReadOnlyList<string> notes) => JsonSerializer.Serialize(notes, Options);

    public static IReadOnlyList<string> ReadNotes(string json) => Read<string[]>(json);

    private static T Read<T>(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(json, Options) ?? throw new StoreException("a stored record is null");
        }
        catch (JsonException e)
        {
            throw new StoreException($"a stored {typeof(T).Name} cannot be read: {e.Message}", e);
        }
    }
}
