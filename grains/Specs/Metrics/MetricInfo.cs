using System.Text.Json.Serialization;

namespace Sweep.Grains.Specs;

/// <summary>What a metric is called and which way is good.</summary>
/// <param name="Name">As in groups and comparisons.</param>
/// <param name="Label">For display.</param>
/// <param name="Unit">Empty where it has none.</param>
/// <param name="Better"><c>higher</c>, <c>lower</c> or <c>truth_level</c>: the closer to its truth level, from either side, the better; <c>unknown</c> of one
/// that another version stored.</param>
/// <param name="Explanation">One line.</param>
public sealed record MetricInfo(string Name, string Label, string Unit, string Better, string Explanation)
{
    /// <summary>The least that it can be, where intervals end when they are shown; left out where it has no bound.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Least { get; init; }

    /// <summary>The most that it can be.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Most { get; init; }

    /// <summary>
    /// The end of an interval as it is shown: an interval of a few seeds reaches where the quantity can't. No verdict is made of it, and the report's numbers
    /// keep the ends as they are.
    /// </summary>
    public double? Shown(double? end) => end is { } e ? Math.Min(Most ?? double.PositiveInfinity, Math.Max(Least ?? double.NegativeInfinity, e)) : null;

    /// <summary>A label in the middle of a sentence: a capital that begins a word of small letters falls, those of names and abbreviations stay.</summary>
    public static string InSentence(string label)
    {
        ArgumentNullException.ThrowIfNull(label);
        return label.Length > 1 && char.IsUpper(label[0]) && char.IsLower(label[1]) ? char.ToLowerInvariant(label[0]) + label[1..] : label;
    }
}
