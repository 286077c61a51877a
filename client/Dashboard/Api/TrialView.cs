using System.Text.Json.Nodes;
using Sweep.Grains.Coordination;

namespace Sweep.Client.Dashboard.Api;

/// <summary>A trial as shown in tables.</summary>
internal sealed record TrialView
{
    public required string Id { get; init; }

    public required Dictionary<string, string> Axes { get; init; }

    public required long Seed { get; init; }

    public required string State { get; init; }

    public required int Attempts { get; init; }

    public required string? Phase { get; init; }

    public required double? Fraction { get; init; }

    public required string? Silo { get; init; }

    public required string? Message { get; init; }

    /// <summary>Null if the trial has no value.</summary>
    public required Dictionary<string, double?> Metrics { get; init; }

    public static TrialView Of(TrialSummary trial) => new()
    {
        Id = trial.Trial.Id,
        Axes = Labels(trial.Trial.Axes),
        Seed = trial.Trial.Seed,
        State = StateOf(trial.State),
        Attempts = trial.Attempts,
        Phase = trial.Phase,
        Fraction = trial.Fraction,
        Silo = trial.Silo,
        Message = trial.Message,
        Metrics = (trial.Metrics ?? new Dictionary<string, Grains.Coordination.MetricValue>())
            .ToDictionary(m => m.Key, m => m.Value.Value, StringComparer.Ordinal),
    };

    public static Dictionary<string, string> Labels(JsonObject axes) => axes.ToDictionary(a => a.Key, a => SweepShape.Label(a.Value), StringComparer.Ordinal);

    public static string StateOf(TrialStatus state) => state.ToString().ToLowerInvariant();
}
