using Sweep.Client.Terminal;
using Sweep.Grains.Comparison.Report;
using Sweep.Grains.Coordination;

namespace Sweep.Client.Running;

/// <summary>What the report's headline says of a sweep that is done.</summary>
internal static class SweepAnswer
{
    /// <summary>Trials of a sweep whose answer is made while one waits: some hundredths of a second per thousand.</summary>
    private const int MaxTrials = 20_000;

    /// <summary>Null of a sweep that isn't done, or that would take long to read.</summary>
    public static async Task<string?> OfAsync(CommandContext context, RunStore store, SweepSummary sweep, CancellationToken cancel)
    {
        if (sweep is not { Queued: 0, Running: 0, Completed: > 0, Total: <= MaxTrials })
            return null;
        ReportInput input = await ReportInput.ReadAsync(
            store.Reader, await store.SpecAsync(sweep, cancel), MachineDescription.Environment(), context.Time.GetUtcNow(), cancel);
        return ReportBuilder.Build(input).Answer.Headline;
    }

    public static void Write(CommandContext context, string answer)
    {
        foreach (string line in TextWrap.Lines(Words.Clean(answer), "", "", TextWrap.Width(context.Console)))
            context.Out.WriteLine(line);
    }
}
