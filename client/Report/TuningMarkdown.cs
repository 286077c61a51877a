using System.Globalization;
using System.Text;
using Sweep.Grains.Comparison.Report;
using static Sweep.Client.Report.MarkdownText;

namespace Sweep.Client.Report;

/// <summary>How each arm came to its setting.</summary>
internal static class TuningMarkdown
{
    public static void Write(StringBuilder text, ReportDocument document)
    {
        if (document.Tuning is not { } tuning)
            return;
        text.Append($"## Tuning\n\n{Escape(TuningWords.Judged(tuning))}\n\n{Escape(TuningWords.Budget(tuning))}");
        foreach (string? more in new[] { TuningWords.Blind(tuning), TuningWords.AtEdge(tuning) })
        {
            if (more is not null)
                text.Append(' ').Append(Escape(more));
        }

        text.Append($"\n\nScores: mean {Escape(TuningWords.Score(tuning))}, {tuning.Better} is better. The score that a setting was chosen by is the best of "
            + $"{tuning.Settings.ToString(CultureInfo.InvariantCulture)} and so optimistic; the confirmed one is of seeds that chose nothing.\n\n");
        ReportMarkdown.Row(text,
            ["arm", .. tuning.Over.Select(Escape), "number", "chosen by", "confirmed [95%]", "trials", "without score", "training steps", "training s"]);
        ReportMarkdown.Rule(text, 8 + tuning.Over.Count);
        foreach (TunedArmSection arm in tuning.Arms)
        {
            TriedSettingSection? chosen = arm.Choice is { } choice ? arm.Tried[choice - 1] : null;
            ReportMarkdown.Row(text,
            [
                Escape(TuningWords.Name(arm, tuning)), .. tuning.Over.Select(o => chosen is null ? "not yet" : ReportMarkdown.Text(chosen.Values[o])),
                arm.Choice is { } n ? $"{n} of {arm.Tried.Count}" : "-", arm.ChosenScore is { } by ? Figures.Number(by) : "-",
                arm.Confirmed is not { } mean ? "-" : Figures.Interval(mean, arm.ConfirmedLow, arm.ConfirmedHigh),
                arm.Trials.ToString(CultureInfo.InvariantCulture), arm.WithoutScore.ToString(CultureInfo.InvariantCulture),
                arm.TrainingSteps.ToString(CultureInfo.InvariantCulture), Figures.Number(arm.TrainSeconds),
            ]);
        }

        text.Append('\n');
    }
}
