using System.CommandLine;
using System.Globalization;
using Sweep.Client.Terminal;
using Sweep.Grains.Coordination;
using Sweep.Grains.Storage.Postgres;

namespace Sweep.Client.Commands;

/// <summary><c>sweep list</c>: every run below runs/, or of one folder, or a cluster's sweeps.</summary>
internal static class ListCommand
{
    public static Command Create(CommandContext context)
    {
        Option<string?> outOption = CommonOptions.Out();
        Option<string?> storeOption = CommonOptions.Store();
        Option<bool> json = CommonOptions.Json();
        var command = new Command("list", "list the sweeps and how far they are") { outOption, storeOption, json };
        command.SetAction(async (parsed, cancel) =>
        {
            string? given = parsed.GetValue(outOption);
            List<(RunDirectory? Folder, string Shown, SweepSummary Sweep)> rows = [];
            if (StoreArguments.Url(parsed.GetValue(storeOption), given) is { } url)
            {
                await using RunStore store = await RunStore.OpenAsync(url, context.Time, StoreOpening.Existing, cancel);
                rows.AddRange((await store.Reader.ListAsync(cancel)).Select(sweep => ((RunDirectory?)null, store.Shown, sweep)));
            }
            else
            {
                foreach (RunDirectory run in given is null ? RunDirectory.All() : [RunDirectory.Existing(null, given)])
                {
                    await using RunStore store = RunStore.Open(run, context.Time);
                    rows.AddRange((await store.Reader.ListAsync(cancel)).Select(sweep => ((RunDirectory?)run, run.Shown, sweep)));
                }
            }

            if (parsed.GetValue(json))
                context.WriteJson(rows.Select(r => new
                {
                    directory = r.Folder?.FullPath, store = r.Shown, sweep = r.Sweep, abandoned = r.Folder?.IsAbandoned(r.Sweep) ?? false,
                }));
            else if (rows.Count == 0)
                context.Out.WriteLine("no sweeps yet; start one with: sweep run SPEC, or on a cluster: sweep launch SPEC --store URL");
            else
                Table(rows).Write(context);
            return ExitCode.Done;
        });
        return command;
    }

    private static TextTable Table(List<(RunDirectory? Folder, string Shown, SweepSummary Sweep)> rows)
    {
        TextTable table = new TextTable("sweep", "state", "done", "failed", "where").Optional("submitted");
        foreach ((RunDirectory? folder, string shown, SweepSummary sweep) in rows)
        {
            table.Add(
                sweep.Name, SweepWords.State(sweep, folder?.IsAbandoned(sweep) ?? false), $"{sweep.Completed}/{sweep.Total}",
                sweep.Failed.ToString(CultureInfo.InvariantCulture), shown,
                sweep.Submitted.UtcDateTime.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture));
        }

        return table;
    }
}
