using System.Text;
using Sweep.Grains.Comparison.Report;
using Sweep.Grains.Specs;
using static Sweep.Client.Report.MarkdownText;
using static Sweep.Client.Report.ReportMarkdown;

namespace Sweep.Client.Report;

/// <summary>The settings that nothing beats in both metrics of <c>compare.pareto</c>, and those that may not be beaten.</summary>
internal static class TradeOffMarkdown
{
    public static void Write(StringBuilder text, ReportDocument document)
    {
        if (document.Pareto is not { Count: > 0 } sections)
            return;
        MetricInfo x = Info(document, sections[0].X), y = Info(document, sections[0].Y);
        text.Append("## Trade-off\n\n").Append(Escape(ParetoWords.Explanation(x, y)));
        if (RaceWords.FirstSeeds(document.Family) is { } seeds)
            text.Append(' ').Append(seeds);
        text.Append("\n\n");
        foreach (ParetoSection section in sections)
        {
            if (section.Dataset.Length > 0)
                text.Append($"### {Escape(section.Dataset)}\n\n");
            ParetoPoint[] shown = [.. section.Points.Where(p => p.Front || !p.Beaten)];
            if (shown.Length > 0)
            {
                Row(text, ["setting", Title(x), Title(y), "on the front"]);
                Rule(text, 4);
                foreach (ParetoPoint point in shown)
                {
                    Row(text,
                    [
                        Escape(string.Join(", ", point.Axes.Select(a => $"{a.Key} {Value(a.Value)}"))), Interval(x, point.X), Interval(y, point.Y),
                        point.Front ? "yes" : "perhaps",
                    ]);
                }

                text.Append('\n');
            }

            text.Append(Escape(ParetoWords.Counts(section))).Append("\n\n");
        }
    }

    private static string Interval(MetricInfo metric, DifferenceSection value) =>
        value.Mean is { } mean ? Figures.Interval(mean, metric.Shown(value.CiLow), metric.Shown(value.CiHigh)) : "-";

    private static MetricInfo Info(ReportDocument document, string name) =>
        document.Metrics.FirstOrDefault(m => m.Name == name) ?? new MetricInfo(name, name, "", "unknown", "");
}
