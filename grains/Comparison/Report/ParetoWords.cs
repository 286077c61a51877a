using System.Globalization;
using Sweep.Grains.Specs;

namespace Sweep.Grains.Comparison.Report;

/// <summary>What is said of <see cref="ParetoSection"/>.</summary>
public static class ParetoWords
{
    public static string Explanation(MetricInfo x, MetricInfo y)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        return $"On the front is a setting that no other equals or beats in the means of both {MetricInfo.InSentence(x.Label)} and "
            + $"{MetricInfo.InSentence(y.Label)}. Off it, one that some setting beats in both for sure (95% intervals of the paired differences over seeds "
            + "leave out zero, or the seeds are all equal in one) is left out here; the others may belong to it. Exploratory, not adjusted for the number of "
            + "settings.";
    }

    /// <summary><c>3 of 12 settings are on the front, 2 more may be, 7 are beaten in both.</c></summary>
    public static string Counts(ParetoSection section)
    {
        ArgumentNullException.ThrowIfNull(section);
        int front = section.Points.Count(p => p.Front), perhaps = section.Points.Count(p => !p.Front && !p.Beaten), all = section.Points.Count;
        string without = section.LeftOut switch
        {
            0 => "",
            1 => " 1 setting lacks a value in some seed and is left out.",
            var left => string.Create(CultureInfo.InvariantCulture, $" {left} settings lack a value in some seed and are left out."),
        };
        string settings = all == 1 ? "setting is" : "settings are";
        return string.Create(CultureInfo.InvariantCulture,
            $"{front} of {all} {settings} on the front, {perhaps} more may be, {all - front - perhaps} are beaten in both.{without}");
    }
}
