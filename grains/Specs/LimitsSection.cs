using System.Text.Json.Nodes;
using Sweep.Grains.Specs.Yaml;

namespace Sweep.Grains.Specs;

/// <summary>
/// <c>limits</c>: how long things may take. It determines no result, so it is no part of any identity: the same sweep may be launched again with others.
/// </summary>
internal static class LimitsSection
{
    public const string Name = "limits";
    private const string Trial = "trial";
    private static readonly string[] Keys = [Trial];
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1), Longest = TimeSpan.FromDays(30);

    /// <summary>How long a trial may go without progress; null where the spec doesn't say.</summary>
    public static TimeSpan? Read(YamlMap? map, SpecErrors errors)
    {
        foreach (var entry in (map?.Entries ?? []).Where(e => !Keys.Contains(e.Key, StringComparer.Ordinal)))
            errors.Add(entry.Line, SpecWords.Unknown($"key in {Name}", entry.Key, Keys, AxisDefinition.Home(entry.Key)));
        return map?.Find(Trial) is { } trial ? SpecDuration.Read(trial.Value, $"{Name}.{Trial}", Shortest, Longest, errors) : null;
    }

    /// <summary>Adds the section to a resolved spec where it says something.</summary>
    public static void Write(JsonObject resolved, TimeSpan? stallAfter)
    {
        if (stallAfter is { } trial) resolved.Add(Name, new JsonObject { [Trial] = SpecDuration.Write(trial) });
    }

    /// <summary>As <see cref="Read(YamlMap?, SpecErrors)"/>, of a resolved spec.</summary>
    public static TimeSpan? Read(JsonObject resolved) => resolved[Name]?[Trial]?.GetValue<string>() is { } text ? SpecDuration.Parse(text) : null;
}
