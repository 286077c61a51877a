using System.CommandLine;
using Sweep.Client.Running;
using Sweep.Grains.Comparison.Report;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;

namespace Sweep.Client.Commands;

/// <summary><c>sweep report</c>: writes the report of what is completed so far.</summary>
internal static class ReportCommand
{
    public static Command Create(CommandContext context)
    {
        Argument<string?> name = CommonOptions.Sweep();
        Option<string?> outOption = CommonOptions.Out();
        Option<bool> json = CommonOptions.Json();
        var command = new Command("report", "write the report of what is completed so far") { name, outOption, json };
        command.SetAction(async (parsed, cancel) =>
        {
            RunDirectory run = RunDirectory.Existing(parsed.GetValue(name), parsed.GetValue(outOption));
            await using RunStore store = RunStore.Open(run, context.Time);
            SweepSummary sweep = await store.OnlySweepAsync(cancel);
            if (sweep.Completed == 0)
                throw new UsageException($"{Words.Clean(sweep.Name)} has no completed trial yet; allowed: a report once one is done");
            SweepSpec spec = await store.SpecAsync(sweep, cancel);
            if (parsed.GetValue(json))
                context.Out.WriteLine(ReportJson.Write(ReportBuilder.Build(await ReportJob.ReadAsync(context, store, spec, cancel))));
            else
                await ReportJob.WriteAsync(context, run, store, spec, cancel);
            return ExitCode.Done;
        });
        return command;
    }
}
