using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Sweep.Grains.Specs;

namespace Sweep.Grains.Comparison.Tuning;

/// <summary>What tuning found, as a store keeps it: numbers read back to the same bits.</summary>
/// <param name="Metric">What settings were chosen by.</param>
/// <param name="Scores">
/// By repeat, arm and setting: the mean over the arm's groups and the repeat's seeds of the metric, or of minus its distance from the truth level where that is
/// what counts; null where a trial failed or has no value, which is worse than any.
/// </param>
/// <param name="Chosen">By repeat and arm the best setting's number, from 0; the first where none has a score. Null where more are to be tried.</param>
public sealed record TuningResult(
    string Metric, IReadOnlyList<IReadOnlyList<IReadOnlyList<double?>>> Scores, IReadOnlyList<IReadOnlyList<int>>? Chosen)
{
    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>What the sweep's spec keeps of it.</summary>
    [JsonIgnore]
    public TunedChoices Choices => new(Chosen ?? throw new InvalidOperationException("nothing is chosen; allowed: the result of all that is tried"));

    /// <summary>What an estimator has suggested by then; null where it is over.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonNode? Suggested { get; init; }

    /// <summary>The same where it isn't over.</summary>
    public TuningResult Before(TunedSuggestions suggestions)
    {
        ArgumentNullException.ThrowIfNull(suggestions);
        return this with { Chosen = null, Suggested = suggestions.Write() };
    }

    public static string Write(TuningResult result) => JsonSerializer.Serialize(result, Options);

    /// <exception cref="JsonException">It is none.</exception>
    public static TuningResult Read(string json) =>
        JsonSerializer.Deserialize<TuningResult>(json, Options) is { Scores: not null } read ? read
            : throw new JsonException("what tuning found is not readable; allowed: scores and what was chosen");
}
