using System.Text.Json.Nodes;
using Sweep.Diffusion.Kinds;
using Sweep.Grains.Specs.Yaml;

namespace Sweep.Grains.Specs;

/// <summary>
/// <c>limits</c>: how long things may take, and how much of a cluster. It determines no result, so it is no part of any identity: the same sweep may be
/// launched again with others.
/// </summary>
internal static class LimitsSection
{
    public const string Name = "limits";
    private const string Trial = "trial";
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1), Longest = TimeSpan.FromDays(30);

    private static readonly Parameter
        Failed = Parameter.Integer("failed", 1, 1, SpecReader.MaxTrials, "trials failed for good at which the sweep is paused"),
        Slots = Parameter.Integer("slots", 1, 1, 1_000_000, "trials that run at a time"),
        Priority = Parameter.Real("priority", 1, "the sweep's share of slots beside others", 0.001, 1000);

    private static readonly string[] Keys = [Trial, Failed.Name, Slots.Name, Priority.Name];

    /// <summary>What a mapping may hold, in words.</summary>
    public static string Allowed => $"{string.Join(", ", Keys.SkipLast(1))} or {Keys[^1]}";

    public static SweepLimits Read(YamlMap? map, SpecErrors errors)
    {
        foreach (var entry in (map?.Entries ?? []).Where(e => !Keys.Contains(e.Key, StringComparer.Ordinal)))
            errors.Add(entry.Line, SpecWords.Unknown($"key in {Name}", entry.Key, Keys, AxisDefinition.Home(entry.Key)));
        return new SweepLimits
        {
            Trial = map?.Find(Trial) is { } trial ? SpecDuration.Read(trial.Value, $"{Name}.{Trial}", Shortest, Longest, errors) : null,
            Failed = Number(Failed)?.GetValue<int>(),
            Slots = Number(Slots)?.GetValue<int>(),
            Priority = Number(Priority)?.GetValue<double>() ?? SweepLimits.None.Priority,
        };

        JsonNode? Number(Parameter parameter) => map?.Find(parameter.Name) is { } entry
            && ParameterReader.TryRead(parameter, entry.Value, $"{Name}.{parameter.Name}", errors, out var value) ? JsonNode.Parse(value.ToJsonString()) : null;
    }

    /// <summary>Adds the section to a resolved spec where it says something.</summary>
    public static void Write(JsonObject resolved, SweepLimits limits)
    {
        if (limits == SweepLimits.None) return;
        var section = new JsonObject();
        if (limits.Trial is { } trial) section.Add(Trial, SpecDuration.Write(trial));
        if (limits.Failed is { } failed) section.Add(Failed.Name, failed);
        if (limits.Slots is { } slots) section.Add(Slots.Name, slots);
        if (limits.Priority != SweepLimits.None.Priority) section.Add(Priority.Name, limits.Priority);
        resolved.Add(Name, section);
    }

    /// <summary>As <see cref="Read(YamlMap?, SpecErrors)"/>, of a resolved spec.</summary>
    public static SweepLimits Read(JsonObject resolved) => resolved[Name] is not { } section ? SweepLimits.None : new SweepLimits
    {
        Trial = section[Trial]?.GetValue<string>() is { } text ? SpecDuration.Parse(text) : null,
        Failed = section[Failed.Name]?.GetValue<int>(),
        Slots = section[Slots.Name]?.GetValue<int>(),
        Priority = section[Priority.Name]?.GetValue<double>() ?? SweepLimits.None.Priority,
    };
}
