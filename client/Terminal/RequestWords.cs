using System.Globalization;
using Sweep.Grains.Coordination;

namespace Sweep.Client.Terminal;

/// <summary>What operators asked for, in words.</summary>
internal static class RequestWords
{
    /// <summary>How long a command waits for the silos to carry a request out: a sweep's grain is elsewhere by then if its silo has died.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(12);

    /// <summary>What became of a request, as far as its own command has nothing better to say: it waits, or was refused; null: it is done.</summary>
    /// <param name="isServed">Whether a silo is up, as far as is known.</param>
    public static string? NotDone(RequestRecord record, bool isServed = true) => record switch
    {
        { Refused: { } why } => $"{Verb(record)} was refused: {Words.Clean(why)}",
        { Done: not null } => null,
        _ when !isServed => $"{Verb(record)} is written down, and no silo is up: it is carried out as soon as one is",
        _ => $"{Verb(record)} is written down, and no silo has carried it out yet (one may have just died): it is carried out as soon as one does",
    };

    /// <summary>One line of the log.</summary>
    public static string Line(RequestRecord record)
    {
        string what = record.Request.Silo is { } silo ? $" {Words.Clean(silo)}" : record.Request.Trials is { } trials
            ? $" {Words.Count(trials.Count)} {Trials(trials.Count)}" : "";
        string end = record switch
        {
            { Done: null } => "waits for a silo",
            { Refused: { } why } => $"refused: {Words.Clean(why)}",
            { Request.Verb: OperatorVerb.Pause or OperatorVerb.Resume or OperatorVerb.Unquarantine or OperatorVerb.Note } =>
                record.Count > 0 ? "done" : "it was so already",
            _ => $"{Words.Count(record.Count)} {Trials(record.Count)}",
        };
        string asked = record.Asked.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        return $"{asked} {Words.Clean(record.Who)}: {Verb(record)}{what}: {end}";
    }

    public static string Verb(RequestRecord record) => record.Request.Verb == OperatorVerb.Discard ? "retry --completed" : record.Request.Verb.ToString()
        .ToLowerInvariant();

    private static string Trials(int count) => count == 1 ? "trial" : "trials";
}
