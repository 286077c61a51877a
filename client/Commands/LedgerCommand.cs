using System.CommandLine;
using Sweep.Client.Report;
using Sweep.Client.Running;
using Sweep.Client.Terminal;
using Sweep.Grains.Comparison.Ledger;

namespace Sweep.Client.Commands;

/// <summary><c>sweep ledger</c>: what all sweeps of a store or of a folder of runs claimed, and what survives so many tries.</summary>
internal static class LedgerCommand
{
    public static Command Create(CommandContext context)
    {
        Option<string?> outOption = new("--out") { Description = "a folder of runs, or a run's folder (default: runs)", HelpName = "DIR" };
        Option<string?> storeOption = CommonOptions.Store();
        Option<bool> json = CommonOptions.Json(), markdown = new("--markdown") { Description = "write Markdown to standard output" };
        var command = new Command("ledger", "every sweep, what it claimed and compared, and which claims survive so many tries")
        {
            outOption, storeOption, json, markdown,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            if (parsed.GetValue(json) && parsed.GetValue(markdown))
                throw new UsageException("--json together with --markdown; allowed: one of them");
            string? given = parsed.GetValue(outOption);
            LedgerDocument ledger = StoreArguments.Url(parsed.GetValue(storeOption), given) is { } url
                ? await LedgerGathering.OfStoreAsync(context, url, cancel) : await LedgerGathering.OfFolderAsync(context, given, cancel);
            if (parsed.GetValue(json))
                context.WriteJson(ledger);
            else if (parsed.GetValue(markdown))
                context.Out.Write(LedgerMarkdown.Of(ledger));
            else
                foreach (string line in LedgerText.Lines(ledger, TextWrap.Width(context.Console)))
                    context.Out.WriteLine(line);

            // What is not read may have claimed anything: scripts must not take the ledger for whole.
            return ledger.LeftOut.Count > 0 ? ExitCode.Store : ExitCode.Done;
        });
        return command;
    }
}
