using System.Text.Json.Nodes;

namespace Sweep.Diffusion.Kinds;

/// <summary>
/// One parameter of a kind or of a spec section: its name as written in a spec, its type, default and range. Specs are
/// validated against it, so a kind never sees a value outside its declared range.
/// </summary>
public sealed record Parameter
{
    private Parameter(string name, ParameterKind kind, JsonNode? defaultValue, string summary)
    {
        Name = name;
        Kind = kind;
        DefaultValue = defaultValue;
        Summary = summary;
    }

    /// <summary>The name in a spec, snake_case.</summary>
    public string Name { get; }

    public ParameterKind Kind { get; }

    /// <summary>The value when the spec is silent; null when the parameter is required or absent by default.</summary>
    public JsonNode? DefaultValue { get; }

    /// <summary>True when a spec must give a value.</summary>
    public bool Required { get; private init; }

    /// <summary>Smallest allowed number, inclusive unless <see cref="MinimumExclusive"/>.</summary>
    public double Minimum { get; private init; } = double.NegativeInfinity;

    public bool MinimumExclusive { get; private init; }

    /// <summary>Largest allowed number, inclusive.</summary>
    public double Maximum { get; private init; } = double.PositiveInfinity;

    /// <summary>Allowed strings; empty when any string will do. For <see cref="ParameterKind.Real"/>, strings allowed besides numbers.</summary>
    public IReadOnlyList<string> Choices { get; private init; } = [];

    /// <summary>
    /// The value at which the parameter is left out of a resolved kind, written or not, and so of a trial's identity: what held before it joined, when trials
    /// without it had been stored already. A kind must take its absence for this value. Null for a parameter that is always there.
    /// </summary>
    public JsonNode? OmittedValue { get; private init; }

    /// <summary>
    /// What must hold for a parameter with an <see cref="OmittedValue"/> to mean anything: another of the kind's parameters that has this text. Where it
    /// hasn't, resolved kinds leave this one out, and a spec may not say it. Null: always.
    /// </summary>
    public (string Name, string Text)? OnlyWith { get; private init; }

    /// <summary>One line for help and error messages.</summary>
    public string Summary { get; }

    public static Parameter Integer(string name, long? defaultValue, long minimum, long maximum, string summary) =>
        new(name, ParameterKind.Integer, defaultValue is { } v ? JsonValue.Create(v) : null, summary)
        {
            Minimum = minimum,
            Maximum = maximum,
            Required = defaultValue is null,
        };

    public static Parameter Real(
        string name,
        double? defaultValue,
        string summary,
        double minimum = double.NegativeInfinity,
        double maximum = double.PositiveInfinity,
        bool minimumExclusive = false) =>
        new(name, ParameterKind.Real, defaultValue is { } v ? JsonValue.Create(v) : null, summary)
        {
            Minimum = minimum,
            Maximum = maximum,
            MinimumExclusive = minimumExclusive,
            Required = defaultValue is null,
        };

    /// <summary>A number, or one of a few words (a bandwidth: <c>isj</c>, or a factor).</summary>
    public static Parameter RealOr(
        string name, JsonNode defaultValue, IReadOnlyList<string> words, string summary, double minimum, double maximum, bool minimumExclusive = false) =>
        new(name, ParameterKind.Real, defaultValue, summary)
        {
            Choices = words,
            Minimum = minimum,
            Maximum = maximum,
            MinimumExclusive = minimumExclusive,
        };

    public static Parameter Choice(string name, string defaultValue, IReadOnlyList<string> choices, string summary) =>
        new(name, ParameterKind.Text, JsonValue.Create(defaultValue), summary) { Choices = choices };

    /// <summary>A string; required when <paramref name="defaultValue"/> is null.</summary>
    public static Parameter Text(string name, string? defaultValue, string summary) =>
        new(name, ParameterKind.Text, defaultValue is null ? null : JsonValue.Create(defaultValue), summary)
        {
            Required = defaultValue is null,
        };

    /// <summary>A string that a spec may leave out.</summary>
    public static Parameter OptionalText(string name, string summary) => new(name, ParameterKind.Text, null, summary);

    public static Parameter Flag(string name, bool defaultValue, string summary) =>
        new(name, ParameterKind.Flag, JsonValue.Create(defaultValue), summary);

    /// <summary>A nested value that the kind checks itself when it is created.</summary>
    public static Parameter Json(string name, bool required, string summary) =>
        new(name, ParameterKind.Json, null, summary) { Required = required };

    /// <summary>The same parameter, left out at a value: see <see cref="OmittedValue"/>.</summary>
    public Parameter OmittedAt(JsonNode value) => this with { OmittedValue = value };

    /// <summary>Whether a value is the one that is left out.</summary>
    public bool IsOmitted(JsonNode? value) =>
        OmittedValue is not null && string.Equals(OmittedValue.ToJsonString(), value?.ToJsonString(), StringComparison.Ordinal);

    /// <summary>This parameter, only <see cref="OnlyWith"/> another's text.</summary>
    public Parameter With(string name, string text) => this with { OnlyWith = (name, text) };
}
