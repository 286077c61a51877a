using System.CommandLine;
using Sweep.Client.Running;
using Sweep.Client.Terminal;
using Sweep.Grains.Coordination;
using Sweep.Grains.Orleans.Clustering;
using Sweep.Grains.Specs;
using Sweep.Grains.Storage.Postgres;
using Sweep.Silo.Telemetry;

namespace Sweep.Client.Commands;

/// <summary><c>sweep launch SPEC --store URL</c>: submits a sweep to a cluster; idempotent.</summary>
internal static class LaunchCommand
{
    public static Command Create(CommandContext context)
    {
        Argument<string> spec = CommonOptions.Spec();
        Option<string?> store = CommonOptions.Store();
        Option<bool> json = CommonOptions.Json();
        var outside = new Option<bool>("--allow-outside") { Description = "also store data files outside the spec's folder with the sweep" };
        var command = new Command("launch", "submit a sweep to a cluster's store; silos that have joined it do the work") { spec, store, json, outside };
        command.SetAction(async (parsed, cancel) =>
        {
            PostgresUrl url = StoreArguments.Require(parsed.GetValue(store));
            if (SpecFile.Read(context, parsed.GetValue(spec)!) is not { } read)
                return ExitCode.Usage;
            List<PlannedTrial> trials = Launch.Plan(read);
            if (!parsed.GetValue(outside))
                Launch.RequireOwnFiles(parsed.GetValue(spec)!, trials);
            await using RunStore open = await RunStore.OpenAsync(url, context.Time, StoreOpening.Create, cancel);
            IReadOnlyList<string> large = await Launch.StoreFilesAsync(open.Operations, trials, cancel);
            using var launch = new LaunchTrace($"launch/{Environment.MachineName}/{Environment.ProcessId}");
            SubmitAnswer answer = await SubmitAsync(launch, open.Operations, read, trials, cancel);
            foreach (string path in large)
            {
                context.Error.WriteLine(
                    $"{Words.Clean(path)} is larger than {Launch.LargestStoredFileBytes >> 20} MiB and isn't stored: "
                    + "every silo needs the same file at the same path");
            }

            if (parsed.GetValue(json))
                context.WriteJson(new { sweep = read.Name, id = answer.SweepId, added = answer.Added, existing = answer.Existing, store = open.Shown });
            else
                await WriteAsync(context, open, read, answer, await ClusterTables.ServingAsync(url, cancel), cancel);
            return ExitCode.Done;
        });
        return command;
    }

    private static async Task<SubmitAnswer> SubmitAsync(LaunchTrace launch, ISweepOperations store, SweepSpec spec, List<PlannedTrial> trials,
        CancellationToken cancel)
    {
        try
        {
            return await launch.SubmitAsync(store, spec, trials, continued: null, cancel);
        }
        catch (SpecChangedException e)
        {
            throw new UsageException($"{Words.Clean(e.Message, lines: true)}\nlaunch it under another name (sweep: NAME), or in another store", e);
        }
    }

    private static async Task WriteAsync(CommandContext context, RunStore store, SweepSpec spec, SubmitAnswer answer, int silos, CancellationToken cancel)
    {
        string name = Words.Clean(spec.Name);
        if (answer is { Added: > 0, Existing: > 0 })
        {
            context.Out.WriteLine(
                $"extended {name} by {Words.Count(answer.Added)} trials; the {Words.Count(answer.Existing)} existing ones stay; {store.Shown}");
        }
        else if (answer.Added > 0)
        {
            context.Out.WriteLine($"launched {name}: {Words.Count(answer.Added)} trials in {store.Shown}");
        }
        else
        {
            SweepSummary sweep = await store.SweepAsync(spec.Id, cancel);
            context.Out.WriteLine($"{name} was launched before: {SweepWords.State(sweep)}, {sweep.Completed} of {sweep.Total} trials completed; {store.Shown}");
        }

        context.Out.WriteLine(silos switch { 0 => "no silo is up yet", 1 => "1 silo is up", _ => $"{silos} silos are up" });
        context.Out.WriteLine(
            $"workers join with: sweep silo --store URL; follow it with: sweep watch {name} --store URL; finally: sweep report {name} --store URL");
    }
}
