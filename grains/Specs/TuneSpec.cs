using System.Text.Json.Nodes;

namespace Sweep.Grains.Specs;

/// <summary>A key that tuning sets.</summary>
/// <param name="Name">Its dotted name: <c>training.learning_rate</c>.</param>
/// <param name="Values">Of a list, as a resolved spec has them; empty for a range.</param>
/// <param name="Range">Null for a list.</param>
public sealed record TunedKey(string Name, IReadOnlyList<JsonNode> Values, AxisRange? Range);

/// <summary>
/// A spec's <c>tune</c>: for every value of some axes the best of a number of settings is chosen on seeds of its own, each arm with the same budget, and the
/// sweep's seeds run with that. Part of a sweep's identity.
/// </summary>
public sealed record TuneSpec
{
    /// <summary>Its key in a spec and in a resolved one.</summary>
    public const string Key = "tune";

    public const string Sobol = SearchSpec.Sobol, Random = SearchSpec.Random, Parzen = "tpe";

    /// <summary>Settings that an estimator sees before it suggests any: the same for every arm.</summary>
    public const int FirstSettings = 10;

    /// <summary>What is chosen, in the order in which axes of these keys would stand.</summary>
    public required IReadOnlyList<TunedKey> Over { get; init; }

    /// <summary>The axes whose values are tuned each by itself, in the sweep's order.</summary>
    public required IReadOnlyList<string> Per { get; init; }

    /// <summary><see cref="Sobol"/>, <see cref="Random"/> or <see cref="Parzen"/>.</summary>
    public required string Method { get; init; }

    /// <summary>Settings that each arm tries.</summary>
    public required int Trials { get; init; }

    /// <summary>Of the sequence of settings; no trial's.</summary>
    public required long Seed { get; init; }

    /// <summary>The seeds that every setting is tried with: none of the sweep's. Each repeat has its own part of them, in order.</summary>
    public required IReadOnlyList<long> Seeds { get; init; }

    /// <summary>What settings are chosen by.</summary>
    public required string Metric { get; init; }

    /// <summary>How often all of it is done: once for all of the sweep's seeds, or once for each of them.</summary>
    public required int Repeats { get; init; }

    /// <summary>Settings that an estimator suggests at a time, of which it sees no result before it has all of them; 0 where none suggests.</summary>
    public int Batch { get; init; }

    /// <summary>Settings that are the same for every arm, whatever their results; all where nothing is suggested.</summary>
    public int First => Batch == 0 ? Trials : Math.Min(FirstSettings, Trials);

    /// <summary>How often results decide what is tried next, the choice included.</summary>
    public int Stages => Batch == 0 ? 1 : 1 + ((Trials - First + Batch - 1) / Batch);

    /// <summary>When a setting is tried, from 1.</summary>
    /// <param name="setting">From 0.</param>
    public int StageOf(int setting) => setting < First ? 1 : 2 + ((setting - First) / Batch);

    /// <summary>How many settings are known after so many stages.</summary>
    public int KnownAfter(int stages) => Math.Min(Trials, First + ((stages - 1) * Batch));

    /// <summary>Seeds of one repeat.</summary>
    public int SeedsEach => Seeds.Count / Repeats;

    /// <summary>Adds it to a resolved spec.</summary>
    internal static void Write(JsonObject resolved, TuneSpec? tune)
    {
        if (tune is null)
            return;
        JsonObject section = new()
        {
            ["over"] = new JsonObject(tune.Over.Select(o => KeyValuePair.Create<string, JsonNode?>(
                o.Name, o.Range is { } range ? range.Write() : new JsonArray([.. o.Values.Select(v => v.DeepClone())])))),
            ["per"] = new JsonArray([.. tune.Per.Select(p => JsonValue.Create(p))]),
            ["method"] = tune.Method,
            ["trials"] = tune.Trials,
            ["seed"] = tune.Seed,
            ["seeds"] = new JsonArray([.. tune.Seeds.Select(s => JsonValue.Create(s))]),
            ["metric"] = tune.Metric,
            ["repeats"] = tune.Repeats,
        };
        if (tune.Batch > 0)
            section.Add("batch", tune.Batch);
        resolved.Add(Key, section);
    }

    /// <summary>Of a resolved spec; null where nothing is tuned.</summary>
    internal static TuneSpec? Read(JsonObject resolved) => resolved[Key] is not JsonObject tune ? null : new TuneSpec
    {
        Over = [.. tune["over"]!.AsObject().Select(o => o.Value is JsonArray values
            ? new TunedKey(o.Key, [.. values.Select(v => v!.DeepClone())], null)
            : new TunedKey(o.Key, [], AxisRange.Read(o.Value!.AsObject(), AxisDefinition.All.First(d => d.Name == o.Key))))],
        Per = [.. tune["per"]!.AsArray().Select(p => p!.GetValue<string>())],
        Method = tune["method"]!.GetValue<string>(),
        Trials = tune["trials"]!.GetValue<int>(),
        Seed = tune["seed"]!.GetValue<long>(),
        Seeds = [.. tune["seeds"]!.AsArray().Select(s => s!.GetValue<long>())],
        Metric = tune["metric"]!.GetValue<string>(),
        Repeats = tune["repeats"]!.GetValue<int>(),
        Batch = tune["batch"]?.GetValue<int>() ?? 0,
    };
}
