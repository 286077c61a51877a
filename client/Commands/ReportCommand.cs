using System.CommandLine;
using Sweep.Client.Running;
using Sweep.Client.Terminal;
using Sweep.Grains.Comparison.Report;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;
using Sweep.Silo;

namespace Sweep.Client.Commands;

/// <summary><c>sweep report</c>: writes the report of the trials completed so far.</summary>
internal static class ReportCommand
{
    public static Command Create(CommandContext context)
    {
        var place = new StoreArguments();
        Option<bool> json = CommonOptions.Json();
        Option<bool> expect = CommonOptions.Expect();
        var specOption = new Option<string?>("--spec")
        {
            Description = "use the expectations of this spec, which must otherwise be the sweep's; the store records that they were added later",
            HelpName = "SPEC",
        };
        var command = new Command("report", "write the report of the trials completed so far") { json, expect, specOption };
        place.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            await using OpenSweep open = await place.OpenAsync(parsed, context, cancel);
            (RunStore store, RunDirectory run, SweepSummary sweep) = open;
            if (sweep.Completed == 0)
                throw new UsageException($"{Words.Clean(sweep.Name)} has no completed trial yet; allowed: once a trial has completed");
            if (parsed.GetValue(specOption) is { } path && !await RestateAsync(context, store, sweep, path))
                return ExitCode.Usage;
            SweepSpec spec = await store.SpecAsync(sweep, cancel);
            if (parsed.GetValue(expect))
                ReportJob.RequireExpectations(spec);
            ReportInput input;
            ReportDocument document;
            if (parsed.GetValue(json))
            {
                input = await ReportJob.ReadAsync(context, run, store, spec, cancel);
                document = ReportBuilder.Build(input);
                context.Out.WriteLine(ReportJson.Write(document));
            }
            else
            {
                (input, document) = await ReportJob.WriteAsync(context, run, store, spec, cancel);
            }

            int code = ReportJob.Damage(context, store, input, ExitCode.Done);
            return parsed.GetValue(expect) ? ReportJob.Demand(context, document, code) : code;
        });
        return command;
    }

    /// <summary>Resubmits the sweep with the expectations of a spec; false after reporting the spec's errors.</summary>
    private static async Task<bool> RestateAsync(CommandContext context, RunStore store, SweepSummary sweep, string path)
    {
        if (SpecFile.Read(context, path) is not { } spec)
            return false;
        if (spec.Id != sweep.Id)
        {
            IReadOnlyList<string> difference = SpecDifference.Between((await store.SpecAsync(sweep, CancellationToken.None)).Resolved, spec.Resolved);
            throw new UsageException(
                $"--spec: {Words.Clean(path)} is another spec; allowed: this sweep's spec with other "
                    + $"expectations:\n{Words.Clean(string.Join('\n', difference), lines: true)}");
        }

        await store.Operations.SubmitAsync(spec, TrialExpansion.All(spec).Select(TrialNeeds.Plan), CancellationToken.None);
        return true;
    }
}
