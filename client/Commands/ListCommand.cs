using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Sweep.Grains.Coordination;

namespace Sweep.Client.Commands;

/// <summary><c>sweep list</c>: every run below runs/, or of one folder.</summary>
internal static class ListCommand
{
    public static Command Create(CommandContext context)
    {
        Option<string?> outOption = CommonOptions.Out();
        Option<bool> json = CommonOptions.Json();
        var command = new Command("list", "list the sweeps and how far they are") { outOption, json };
        command.SetAction(async (parsed, cancel) =>
        {
            string? given = parsed.GetValue(outOption);
            List<(RunDirectory Run, SweepSummary Sweep)> rows = [];
            foreach (RunDirectory run in given is null ? RunDirectory.All() : [RunDirectory.Existing(null, given)])
            {
                await using RunStore store = RunStore.Open(run, context.Time);
                rows.AddRange((await store.Reader.ListAsync(cancel)).Select(sweep => (run, sweep)));
            }

            if (parsed.GetValue(json))
                context.WriteJson(rows.Select(r => new { directory = r.Run.FullPath, sweep = r.Sweep }));
            else if (rows.Count == 0)
                context.Out.WriteLine("no runs yet; start one with: sweep run SPEC");
            else
                context.Console.Write(Render(rows));
            return ExitCode.Done;
        });
        return command;
    }

    private static Table Render(List<(RunDirectory Run, SweepSummary Sweep)> rows)
    {
        Table table = new Table().Border(TableBorder.Simple).AddColumns("sweep", "state", "done", "failed", "submitted", "folder");
        foreach ((RunDirectory run, SweepSummary sweep) in rows)
        {
            table.AddRow(
                Markup.Escape(Words.Clean(sweep.Name)), SweepWords.State(sweep), $"{sweep.Completed}/{sweep.Total}",
                sweep.Failed.ToString(CultureInfo.InvariantCulture),
                sweep.Submitted.UtcDateTime.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture), Markup.Escape(run.Shown));
        }

        return table;
    }
}
