using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Sweep.Client.Running;
using Sweep.Grains.Coordination;

namespace Sweep.Client.Commands;

/// <summary><c>sweep status</c>: counts, what runs now, what failed, silos.</summary>
internal static class StatusCommand
{
    private const int MostRows = 20;

    public static Command Create(CommandContext context)
    {
        Argument<string?> name = CommonOptions.Sweep();
        Option<string?> outOption = CommonOptions.Out();
        Option<bool> json = CommonOptions.Json();
        var command = new Command("status", "how far a sweep is, what runs, what failed") { name, outOption, json };
        command.SetAction(async (parsed, cancel) =>
        {
            RunDirectory run = RunDirectory.Existing(parsed.GetValue(name), parsed.GetValue(outOption));
            await using RunStore store = RunStore.Open(run, context.Time);
            SweepSummary sweep = await store.OnlySweepAsync(cancel);
            IReadOnlyList<TrialSummary> running = await store.Reader.TrialsAsync(sweep.Id, TrialState.Running, 0, MostRows, cancel);
            IReadOnlyList<TrialSummary> failed = await store.Reader.TrialsAsync(sweep.Id, TrialState.Failed, 0, MostRows, cancel);
            IReadOnlyList<SiloSummary> silos = await store.Reader.SilosAsync(cancel);
            if (parsed.GetValue(json))
            {
                context.WriteJson(new
                {
                    directory = run.FullPath,
                    sweep,
                    running = running.Select(TrialJson.Summary),
                    failed = failed.Select(TrialJson.Summary),
                    silos,
                });
            }
            else
            {
                Write(context, run, sweep, running, failed, silos);
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static void Write(
        CommandContext context, RunDirectory run, SweepSummary sweep, IReadOnlyList<TrialSummary> running, IReadOnlyList<TrialSummary> failed,
        IReadOnlyList<SiloSummary> silos)
    {
        double percent = sweep.CostTotal > 0 ? 100 * sweep.CostCompleted / sweep.CostTotal : 100;
        context.Out.WriteLine(
            $"{Words.Clean(sweep.Name)}: {SweepWords.State(sweep)}, {sweep.Completed}/{sweep.Total} trials "
            + $"({percent.ToString("0", CultureInfo.InvariantCulture)} % of the estimated cost); {sweep.Queued} queued, {sweep.Running} running, "
            + $"{sweep.Failed} failed, {sweep.Cancelled} cancelled; {run.Shown}");
        if (running.Count > 0)
        {
            Table table = new Table().Border(TableBorder.Simple).AddColumns("running", "trial", "phase", "progress", "silo");
            foreach (TrialSummary trial in running)
            {
                table.AddRow(
                    Markup.Escape(TrialWords.Of(trial.Trial)), trial.Trial.Id, trial.Phase ?? "–",
                    trial.Fraction is { } f ? f.ToString("P0", CultureInfo.InvariantCulture) : "–", Markup.Escape(Words.Clean(trial.Silo ?? "–")));
            }

            context.Console.Write(table);
        }

        foreach (TrialSummary trial in failed)
            context.Out.WriteLine($"failed: {trial.Trial.Id} ({TrialWords.Of(trial.Trial)}), {trial.Attempts} attempts: {Words.Clean(trial.Message ?? "no message")}");
        if (failed.Count > 0)
            context.Out.WriteLine("try them again with: sweep retry, then sweep run");
        foreach (SiloSummary silo in silos.Where(s => s.Quarantined is not null))
            context.Out.WriteLine($"quarantined: silo {Words.Clean(silo.Id)}: {Words.Clean(silo.Reason ?? string.Empty)}");
    }
}
