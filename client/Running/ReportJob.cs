using Sweep.Client.Commands;
using Sweep.Client.Report;
using Sweep.Grains.Comparison.Report;
using Sweep.Grains.Specs;

namespace Sweep.Client.Running;

/// <summary>Makes a report of what a store holds.</summary>
internal static class ReportJob
{
    public static async Task<ReportInput> ReadAsync(CommandContext context, RunStore store, SweepSpec spec, CancellationToken cancellationToken) =>
        await ReportInput.ReadAsync(
            store.Reader, spec, MachineDescription.Environment(), context.Time.GetUtcNow(), cancellationToken).ConfigureAwait(false);

    /// <summary>Writes every report file and the answer on standard output.</summary>
    public static async Task WriteAsync(
        CommandContext context, RunDirectory run, RunStore store, SweepSpec spec, CancellationToken cancellationToken)
    {
        ReportInput input = await ReadAsync(context, store, spec, cancellationToken).ConfigureAwait(false);
        ReportDocument document = ReportBuilder.Build(input);
        ReportWriter.Write(document, input, run.Report);
        context.Out.WriteLine();
        foreach (string line in AnswerText.Lines(document.Answer, AnswerText.Width(context.Console)))
            context.Out.WriteLine(line);
        context.Out.WriteLine();
        context.Out.WriteLine($"report: {Path.Combine(run.Shown, "report", "index.html")}");
    }
}
