using System.Globalization;
using System.Text.RegularExpressions;
using Sweep.Grains.Specs.Yaml;

namespace Sweep.Grains.Specs;

/// <summary>A length of time as a spec writes it: a number with s, m, h or d.</summary>
internal static partial class SpecDuration
{
    /// <summary>Null, with an error reported, where it is none in the range.</summary>
    /// <param name="what">What errors call it: <c>limits.trial</c>.</param>
    public static TimeSpan? Read(YamlNode node, string what, TimeSpan least, TimeSpan most, SpecErrors errors)
    {
        if (node is YamlText text && Parse(text.Text) is { } duration && duration >= least && duration <= most) return duration;
        errors.Add(node.Line,
            $"{what}: {ParameterReader.Show(node)}; allowed: a number with s, m, h or d, from {Write(least)} to {Write(most)}: 90s, 10m, 1.5h");
        return null;
    }

    /// <summary>As <see cref="Write"/> has written it, or a user.</summary>
    /// <returns>Null where it is none.</returns>
    public static TimeSpan? Parse(string text)
    {
        var match = Written().Match(text);
        if (!match.Success) return null;
        var seconds = double.Parse(match.Groups["number"].ValueSpan, CultureInfo.InvariantCulture)
            * (match.Groups["unit"].ValueSpan[0] switch { 's' => 1, 'm' => 60, 'h' => 3600, _ => 86_400 });
        return seconds < TimeSpan.MaxValue.TotalSeconds ? TimeSpan.FromSeconds(seconds) : null;
    }

    /// <summary>In one spelling: in seconds, whole days in days.</summary>
    public static string Write(TimeSpan duration) => duration.Ticks > 0 && duration.Ticks % TimeSpan.TicksPerDay == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{duration.Days}d")
        : string.Create(CultureInfo.InvariantCulture, $"{duration.TotalSeconds}s");

    [GeneratedRegex("^(?<number>[0-9]{1,12}([.][0-9]{1,6})?)(?<unit>[smhd])$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Written();
}
