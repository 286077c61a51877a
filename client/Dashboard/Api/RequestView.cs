using Sweep.Client.Terminal;
using Sweep.Grains.Coordination;

namespace Sweep.Client.Dashboard.Api;

/// <summary>A request in the log of operations.</summary>
/// <param name="State">done, waits or refused.</param>
/// <param name="Trials">How many were named; null: all.</param>
/// <param name="Count">How many trials or silos it changed.</param>
internal sealed record RequestView(string Verb, string Who, DateTimeOffset Asked, DateTimeOffset? Done, string State, int? Trials, string? Silo, int Count,
    string? Refused)
{
    public static RequestView Of(RequestRecord record) => new(
        RequestWords.Verb(record), record.Who, record.Asked, record.Done, record.Refused is not null ? "refused" : record.Done is null ? "waits" : "done",
        record.Request.Trials?.Count, record.Request.Silo, record.Count, record.Refused);
}
