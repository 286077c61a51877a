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
        var place = new StoreArguments();
        Option<bool> json = CommonOptions.Json();
        var command = new Command("report", "write the report of what is completed so far") { json };
        place.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            await using OpenSweep open = await place.OpenAsync(parsed, context, cancel);
            (RunStore store, RunDirectory run, SweepSummary sweep) = open;
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
