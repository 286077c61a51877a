using System.Text.Encodings.Web;
using System.Text.Json;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;

namespace Sweep.Grains.Storage;

/// <summary>Trial specs, notes of results and of sweeps as stored; what cannot be read is the store's fault.</summary>
internal static class StoredJson
{
    // Notes are shown to nobody as they are: whoever puts one on a page encodes it there.
    private static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(TrialSpec trial) => TrialSpecJson.Write(trial);

    public static TrialSpec ReadTrial(string json) => Read("trial", json, TrialSpecJson.Read);

    /// <summary>All trials of a resolved spec, in order: each has the number that its place is.</summary>
    public static IEnumerable<TrialSpec> ReadTrials(string resolved, string source) =>
        Read("spec", resolved, json => TrialExpansion.All(SweepSpecJson.Restore(json, source)));

    public static string Write(IReadOnlyList<string> notes) => JsonSerializer.Serialize(notes, Options);

    public static IReadOnlyList<string> ReadNotes(string json) => Read("list of notes", json, text => JsonSerializer.Deserialize<string[]>(text, Options)!);

    /// <summary>Null for a note that says nothing.</summary>
    public static string? Write(SweepNote? note) => note is null or { IsEmpty: true } ? null : JsonSerializer.Serialize(note, Options);

    /// <summary>A sweep's note. Nothing depends on it: one that somebody has damaged is none.</summary>
    public static SweepNote? ReadNote(string? json)
    {
        try
        {
            return json is not null && JsonSerializer.Deserialize<SweepNote>(json, Options) is { } note ? SweepNote.Of(note.Text, note.Tags) : null;
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            return null;
        }
    }

    private static T Read<T>(string what, string json, Func<string, T> read)
    {
        try
        {
            return read(json);
        }
        catch (JsonException e)
        {
            throw new StoreException($"a stored {what} cannot be read: {e.Message}", e);
        }
    }
}
