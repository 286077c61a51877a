using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sweep.Grains.Specs.Expectations;

namespace Sweep.Grains.Specs;

/// <summary>
/// Expectations as JSON: in a resolved spec under <c>expect</c>, as the spec has them and in one spelling, with <c>registered</c> once a store has them; and,
/// in a store only, under <c>expect_withdrawn</c> those that a later spec of the same sweep left out or changed. Neither is part of a sweep's identity.
/// </summary>
internal static class ExpectationJson
{
    public const string Key = "expect";
    public const string WithdrawnKey = "expect_withdrawn";
    private const string RegisteredKey = "registered";

    public static JsonArray Write(IEnumerable<ExpectationSpec> expectations) => new([.. expectations.Select(Write)]);

    public static JsonObject Write(ExpectationSpec expectation)
    {
        var json = new JsonObject { ["claim"] = expectation.Claim };
        if (expectation.Where.Count > 0)
            json["where"] = new JsonObject(expectation.Where.Select(w => KeyValuePair.Create<string, JsonNode?>(w.Key, Texts(w.Value))));
        if (expectation.Axis is { } axis) json["compare"] = new JsonObject { [axis] = Texts([expectation.A!, expectation.B!]) };
        if (expectation.Metrics.Count == 1) json["metric"] = expectation.Metrics[0];
        else json["compare"] = new JsonObject { ["metric"] = Texts(expectation.Metrics) };
        json["is"] = expectation.Is.ToString();
        if (expectation.Median) json["over"] = "median";
        if (expectation.At.Count > 0) json["at"] = new JsonArray([.. expectation.At.Select(x => JsonValue.Create(x))]);
        if (expectation.Along is { } along) json["along"] = new JsonObject { [along] = Texts(expectation.Doses) };
        if (expectation.Controls.Count > 0) json["control"] = new JsonArray([.. expectation.Controls.Select(Write)]);
        if (expectation.Registered is { } registered)
            json[RegisteredKey] = new JsonObject { ["at"] = registered.At.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture),
                ["completed"] = registered.Completed, ["total"] = registered.Total };
        return json;
    }

    /// <exception cref="JsonException">The list holds something else.</exception>
    public static IReadOnlyList<ExpectationSpec> Read(JsonNode? list)
    {
        try
        {
            return list is null ? [] : [.. list.AsArray().Select(e => Read(e!.AsObject()))];
        }
        catch (Exception e) when (e is InvalidOperationException or NullReferenceException or FormatException)
        {
            throw new JsonException("a stored expectation is not readable", e);
        }
    }

    /// <summary>
    /// The resolved spec that a store keeps: an expectation it knows as it stands keeps its registration, any other is registered now, and one that is gone is
    /// kept as withdrawn.
    /// </summary>
    /// <param name="stored">The resolved spec in the store; null for a new sweep.</param>
    /// <param name="submitted">The resolved spec submitted. Not changed.</param>
    /// <param name="now">What new ones are registered with.</param>
    public static JsonObject Register(JsonObject? stored, JsonObject submitted, ExpectationRegistration now)
    {
        var known = Read(stored?[Key]);
        var current = Read(submitted[Key]);
        var withdrawn = Read(stored?[WithdrawnKey]).Concat(known.Where(k => !current.Any(c => Same(c, k)))).ToList();

        // Taken back and stated again is the same statement: it counts from when it was first made.
        var merged = current.Select(c => c with { Registered = (known.FirstOrDefault(k => Same(c, k)) ?? withdrawn.Find(w => Same(c, w)))?.Registered ?? now })
            .ToList();
        withdrawn.RemoveAll(w => current.Any(c => Same(c, w)));
        var result = submitted.DeepClone().AsObject();
        result.Remove(Key);
        result.Remove(WithdrawnKey);
        if (merged.Count > 0) result.Add(Key, Write(merged));
        if (withdrawn.Count > 0) result.Add(WithdrawnKey, Write(withdrawn));
        return result;
    }

    private static bool Same(ExpectationSpec x, ExpectationSpec y) => string.Equals(
        CanonicalJson.Write(Write(x with { Registered = null })), CanonicalJson.Write(Write(y with { Registered = null })), StringComparison.Ordinal);

    private static JsonObject Write(ControlSpec control)
    {
        var json = new JsonObject();
        if (control.Where.Count > 0) json["where"] = new JsonObject(control.Where.Select(w => KeyValuePair.Create<string, JsonNode?>(w.Key, w.Value)));
        if (control.Metrics is { } metrics) json["metrics"] = Texts(metrics);
        if (control.A is { } a) json["sides"] = Texts([a, control.B!]);
        if (control.ClaimMinusControl is { } difference) json["claim_minus_control"] = difference.ToString();
        return json;
    }

    private static ControlSpec ReadControl(JsonObject json)
    {
        var sides = json["sides"] is { } pair ? Texts(pair) : [];
        return new ControlSpec
        {
            Where = [.. (json["where"]?.AsObject() ?? []).Select(w => KeyValuePair.Create(w.Key, w.Value!.GetValue<string>()))],
            Metrics = json["metrics"] is { } metrics ? Texts(metrics) : null,
            A = sides.ElementAtOrDefault(0),
            B = sides.ElementAtOrDefault(1),
            ClaimMinusControl = json["claim_minus_control"]?.GetValue<string>() is { } text ? Is(text) : null,
        };
    }

    private static Condition Is(string text) => ConditionReader.Read(text, out _)
        ?? throw new JsonException($"a stored expectation's condition is not readable: {text}");

    private static ExpectationSpec Read(JsonObject json)
    {
        var text = json["is"]!.GetValue<string>();
        var compare = json["compare"]?.AsObject().First();
        var sides = compare is { } c ? Texts(c.Value!) : [];
        var metrics = compare is { Key: "metric" };
        var along = json["along"]?.AsObject().First();
        return new ExpectationSpec
        {
            Claim = json["claim"]!.GetValue<string>(),
            Where = [.. (json["where"]?.AsObject() ?? []).Select(w => KeyValuePair.Create(w.Key, Texts(w.Value!)))],
            Metrics = metrics ? sides : [json["metric"]!.GetValue<string>()],
            Axis = metrics ? null : compare?.Key,
            A = metrics ? null : sides.ElementAtOrDefault(0),
            B = metrics ? null : sides.ElementAtOrDefault(1),
            Is = Is(text),
            Median = json["over"]?.GetValue<string>() is "median",
            At = [.. (json["at"]?.AsArray() ?? []).Select(x => x!.GetValue<double>())],
            Along = along?.Key,
            Doses = along is { } doses ? Texts(doses.Value!) : [],
            Controls = [.. (json["control"]?.AsArray() ?? []).Select(c => ReadControl(c!.AsObject()))],
            Registered = json[RegisteredKey] is JsonObject r
                ? new ExpectationRegistration(
                    DateTimeOffset.Parse(r["at"]!.GetValue<string>(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal),
                    r["completed"]!.GetValue<long>(), r["total"]!.GetValue<long>())
                : null,
        };
    }

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(t => JsonValue.Create(t))]);

    private static IReadOnlyList<string> Texts(JsonNode list) => [.. list.AsArray().Select(t => t!.GetValue<string>())];
}
