using System.Globalization;
using System.Text.Json.Nodes;
using Sweep.Grains.Specs;

namespace Sweep.Grains.Comparison.Report;

/// <summary>Small turns of phrase that the answer's sentences share.</summary>
internal static class Wording
{
    /// <summary><c>a</c>, <c>a and b</c>, <c>a, b and c</c>.</summary>
    public static string List(IEnumerable<string> items)
    {
        string[] all = [.. items];
        return all.Length < 2 ? string.Concat(all) : $"{string.Join(", ", all[..^1])} and {all[^1]}";
    }

    /// <summary><c>at every width from 8 to 64</c>, <c>at widths 8 and 16</c>, <c>in 3 of 12 settings of width and depth</c>; empty without axes.</summary>
    /// <param name="axes">The axes in which the places differ.</param>
    /// <param name="some">Axes of the places meant.</param>
    /// <param name="all">How many places there are.</param>
    public static string Settings(IReadOnlyList<SweepAxis> axes, IReadOnlyList<JsonObject> some, int all)
    {
        if (axes.Count == 0)
            return "";
        string names = List(axes.Select(a => a.Name));
        if (axes.Count > 1)
            return some.Count == all ? $"in all {all} settings of {names}" : $"in {some.Count} of {all} settings of {names}";
        string[] values = [.. some.Select(s => AxisText.Of(s[names]))];
        double?[] numbers = [.. some.Select(s => AxisText.Number(s[names]))];
        if (values.Length == all && all > 1)
        {
            return numbers.All(n => n is not null)
                ? $"at every {names} from {Plain(numbers.Min()!.Value)} to {Plain(numbers.Max()!.Value)}"
                : $"at every {names} ({List(values)})";
        }

        string plural = string.Equals(names, "width", StringComparison.Ordinal) ? "widths" : names;
        return values.Length == 1 ? $"at {names} {values[0]}" : $"at {plural} {List(values)}";
    }

    /// <summary><c>1.2 nats</c>, <c>1 nat</c>, <c>0.3</c>.</summary>
    public static string WithUnit(string number, string unit) => unit.Length == 0 ? number
        : string.Equals(number, "1", StringComparison.Ordinal) && string.Equals(unit, "nats", StringComparison.Ordinal) ? "1 nat"
        : $"{number} {unit}";

    public static string Plain(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>What the better side is, for a metric.</summary>
    public static string Better(MetricInfo metric) => metric.Better switch
    {
        MetricCatalog.TruthLevel => "closer to the truth level",
        MetricCatalog.Lower => $"lower in {MetricInfo.InSentence(metric.Label)}",
        _ => $"higher in {MetricInfo.InSentence(metric.Label)}",
    };
}
