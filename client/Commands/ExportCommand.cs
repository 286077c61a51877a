using System.CommandLine;
using Sweep.Client.Report;
using Sweep.Client.Running;
using Sweep.Client.Terminal;
using Sweep.Grains.Comparison.Report;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;

namespace Sweep.Client.Commands;

/// <summary><c>sweep export</c>: results as CSV and JSON.</summary>
internal static class ExportCommand
{
    private const string DefaultRoot = "exports";

    public static Command Create(CommandContext context)
    {
        var place = new StoreArguments();
        Option<bool> json = CommonOptions.Json();
        var to = new Option<string?>("--to") { Description = $"the folder to write to (default: {DefaultRoot}/NAME)", HelpName = "FOLDER" };
        var command = new Command(
            "export", "write trials.csv, curves.csv, comparisons.csv, expectations.csv and report.json to a folder, in place of those that are there")
        {
            to, json,
        };
        place.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            await using OpenSweep open = await place.OpenAsync(parsed, context, cancel);
            (RunStore store, RunDirectory run, SweepSummary sweep) = open;
            SweepSpec spec = await store.SpecAsync(sweep, cancel);
            ReportInput input = await ReportJob.ReadAsync(context, run, store, spec, cancel);
            ReportDocument document = ReportBuilder.Build(input);
            string folder = parsed.GetValue(to) ?? Path.Combine(DefaultRoot, RunDirectory.FolderName(sweep.Name));
            IReadOnlyList<string> files = ReportWriter.WriteData(document, input, folder);
            if (parsed.GetValue(json))
                context.WriteJson(new { files });
            else
                context.Out.WriteLine($"{input.Completed.Count} completed trials: {string.Join(", ", files)}");
            return ReportJob.Damage(context, store, input, ExitCode.Done);
        });
        return command;
    }
}
