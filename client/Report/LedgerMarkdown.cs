using System.Text;
using Sweep.Grains.Comparison.Ledger;
using static Sweep.Client.Report.MarkdownText;

namespace Sweep.Client.Report;

/// <summary>A ledger in words and tables, fit to be pasted into an appendix.</summary>
internal static class LedgerMarkdown
{
    public static string Of(LedgerDocument ledger)
    {
        StringBuilder text = new();
        text.Append($"# Ledger of {Escape(ledger.Of)}\n\n**{Escape(LedgerWords.Headline(ledger))}**\n");
        foreach (string said in LedgerWords.Promise(ledger))
            text.Append($"\n{Escape(said)}\n");
        foreach ((string title, IReadOnlyList<LedgerClaim> claims) in LedgerWords.Parts(ledger))
        {
            text.Append($"\n## {title}\n\n| claim | | judged | tries |\n| --- | --- | --- | --- |\n");
            foreach (LedgerClaim claim in claims)
            {
                string tries = string.Join("<br>", claim.Tries.Select(n => Escape(LedgerWords.Try(ledger.Tries[n - 1]))));
                string remarks = string.Concat(LedgerWords.Remarks(claim).Select(said => $"<br>{Escape(said)}"));
                text.Append($"| {claim.Number} | {Escape(claim.Claim)} | {Escape(LedgerWords.Subject(claim))} | {tries}{remarks} |\n");
            }
        }

        if (ledger.Sweeps.Count > 0)
        {
            text.Append("\n## Sweeps\n\n| sweep | where | submitted | state | trials | looks | claims | compared |\n")
                .Append("| --- | --- | --- | --- | --- | --- | --- | --- |\n");
        }

        foreach (LedgerSweep s in ledger.Sweeps)
        {
            text.Append($"| {Escape(s.Name)} | {Escape(s.Where)} | {LedgerWords.Date(s.Submitted)} | {Escape(s.State)} | {s.Completed} of {s.Trials} | ")
                .Append($"{s.Looks} | {Escape(LedgerWords.Claims(s))} | {Escape(LedgerWords.Compared(s))} |\n");
        }

        if (ledger.LeftOut.Count > 0)
            text.Append("\n## Left out\n\n");
        foreach (LedgerGap gap in ledger.LeftOut)
            text.Append($"- {Escape(gap.Where)}: {Escape(gap.Why)}\n");
        return text.Append($"\n{Escape(ledger.Procedure)} Ledger of {LedgerWords.Date(ledger.Generated)}.\n").ToString();
    }
}
