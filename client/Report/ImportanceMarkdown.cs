using System.Text;
using Sweep.Grains.Comparison.Report;
using Sweep.Grains.Specs;
using static Sweep.Client.Report.MarkdownText;
using static Sweep.Client.Report.ReportMarkdown;

namespace Sweep.Client.Report;

/// <summary>Which axes matter: a table of shares by data set.</summary>
internal static class ImportanceMarkdown
{
    private const int MaxColumns = 5;

    public static void Write(StringBuilder text, ReportDocument document)
    {
        if (document.Importance is not { Count: > 0 } sections)
            return;
        ImportanceSection[] found = [.. sections.Where(s => s.Reason is null)];
        text.Append("## What matters\n\n");
        if (found.Length > 0)
        {
            MetricInfo metric = document.Metrics.FirstOrDefault(m => m.Name == document.Sweep.Compare.Metric)
                ?? new MetricInfo(document.Sweep.Compare.Metric, document.Sweep.Compare.Metric, "", "unknown", "");
            text.Append(Escape(ImportanceWords.Explanation(metric, found))).Append("\n\n");
            string[][] columns =
            [
                ["part", .. found[0].Effects.Select(e => Escape(ImportanceWords.Name(e))), "seeds", ImportanceWords.Error],
                .. found.Select(s => (string[])[s.Dataset.Length > 0 ? Escape(s.Dataset) : "share of the variance [95% interval]",
                    .. s.Effects.Select(ImportanceWords.Share), ImportanceWords.Percent(s.SeedShare!.Value), ImportanceWords.Percent(s.ErrorShare!.Value)]),
            ];

            // Of many data sets each has a row, of few a column.
            string[][] rows = found.Length > MaxColumns ? columns : [.. columns[0].Select((_, i) => columns.Select(c => c[i]).ToArray())];
            Row(text, rows[0]);
            Rule(text, rows[0].Length);
            foreach (string[] row in rows.Skip(1))
                Row(text, row);
            text.Append('\n');
        }

        foreach (ImportanceSection section in sections.Where(s => s.Reason is not null))
            text.Append($"{(section.Dataset.Length > 0 ? $"{Escape(section.Dataset)}: " : "")}none, as {Escape(section.Reason!)}.\n\n");
    }
}
