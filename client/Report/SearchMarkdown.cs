using System.Globalization;
using System.Text;
using Sweep.Grains.Comparison.Report;
using static Sweep.Client.Report.MarkdownText;
using static Sweep.Client.Report.ReportMarkdown;

namespace Sweep.Client.Report;

/// <summary>What a search found: shares by axis, and slopes along its ranges.</summary>
internal static class SearchMarkdown
{
    public static void Write(StringBuilder text, ReportDocument document)
    {
        if (document.Search is not { } search)
            return;
        if (search.Importance.Count > 0)
        {
            text.Append("## What matters\n\n").Append(Escape(SearchWords.Shares)).Append("\n\n");
            Row(text, ["data set", "axis", "share", "p"]);
            Rule(text, 4);
            foreach (SearchImportance set in search.Importance)
            {
                foreach (SearchEffect e in set.Effects)
                    Row(text, [Escape(set.Dataset), Escape(e.Axis), ImportanceWords.Percent(e.Share), Figures.Number(e.PValue)]);
                if (set.Reason is { } reason)
                    Row(text, [Escape(set.Dataset), $"none, as {Escape(reason)}", "", ""]);
            }

            text.Append('\n');
        }

        if (search.Trends.Count == 0)
            return;
        text.Append("## Along the ranges\n\n").Append(Escape(SearchWords.Slopes)).Append("\n\n");
        Row(text, ["data set", "arm", "settings", "axis", "slope [95% interval]", "per", "over the whole range [95% interval]"]);
        Rule(text, 7);
        foreach (SearchTrend trend in search.Trends)
        {
            string settings = trend.Settings.ToString(CultureInfo.InvariantCulture)
                + (trend.LeftOut > 0 ? $" ({trend.LeftOut} without a value in some seed left out)" : "");
            foreach (SearchSlope s in trend.Slopes)
                Row(text, [Escape(trend.Dataset), Escape(trend.Arm), settings, Escape(s.Axis), Interval(s.Slope), s.Per, Interval(s.Change)]);
            if (trend.Reason is { } reason)
                Row(text, [Escape(trend.Dataset), Escape(trend.Arm), settings, $"none, as {Escape(reason)}", "", "", ""]);
        }

        text.Append('\n');
    }

    private static string Interval(DifferenceSection value) => value.Mean is { } mean ? Figures.Interval(mean, value.CiLow, value.CiHigh) : "-";
}
