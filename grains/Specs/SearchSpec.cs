using System.Text.Json.Nodes;

namespace Sweep.Grains.Specs;

/// <summary>A spec's <c>search</c>: groups are points of a sequence over all axes that vary, in place of their product. Part of a sweep's identity.</summary>
public sealed record SearchSpec
{
    /// <summary>Its key in a spec and in a resolved one.</summary>
    public const string Key = "search";

    public const string Sobol = "sobol", Random = "random";

    /// <summary><see cref="Sobol"/> or <see cref="Random"/>.</summary>
    public required string Method { get; init; }

    /// <summary>How many different settings; each gets every seed.</summary>
    public required int Groups { get; init; }

    /// <summary>Of the sequence; no trial's.</summary>
    public required long Seed { get; init; }

    /// <summary>Adds it to a resolved spec.</summary>
    internal static void Write(JsonObject resolved, SearchSpec? search)
    {
        if (search is not null)
            resolved.Add(Key, new JsonObject { ["method"] = search.Method, ["groups"] = search.Groups, ["seed"] = search.Seed });
    }

    /// <summary>Of a resolved spec; null where it is a grid.</summary>
    internal static SearchSpec? Read(JsonObject resolved) => resolved[Key] is not { } search ? null : new SearchSpec
    {
        Method = search["method"]!.GetValue<string>(), Groups = search["groups"]!.GetValue<int>(), Seed = search["seed"]!.GetValue<long>(),
    };
}
