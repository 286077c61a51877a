using Sweep.Client.Terminal;
using Sweep.Grains.Comparison.Ledger;

namespace Sweep.Client.Report;

/// <summary>A ledger for a terminal.</summary>
internal static class LedgerText
{
    public static IEnumerable<string> Lines(LedgerDocument ledger, int width)
    {
        foreach (string line in Wrap(LedgerWords.Headline(ledger), "", ""))
            yield return line;
        foreach ((string title, IReadOnlyList<LedgerClaim> claims) in LedgerWords.Parts(ledger))
        {
            yield return "";
            yield return title;
            foreach (string line in claims.SelectMany(Claim))
                yield return line;
        }

        if (ledger.Sweeps.Count > 0)
        {
            yield return "";
            yield return "Sweeps";
        }

        foreach (LedgerSweep sweep in ledger.Sweeps)
        {
            string done = $"{sweep.State}, {sweep.Completed}/{sweep.Trials} trials{(sweep.Looks > 1 ? $", {sweep.Looks} looks" : "")}";
            foreach (string line in Wrap($"{sweep.Name} ({sweep.Where}, {LedgerWords.Date(sweep.Submitted)}): {done}", "  ", "    "))
                yield return line;
            foreach (string line in Wrap($"claims {LedgerWords.Claims(sweep)}; compared {LedgerWords.Compared(sweep)}", "    ", "      "))
                yield return line;
        }

        if (ledger.LeftOut.Count > 0)
        {
            yield return "";
            yield return "Left out";
        }

        foreach (string line in ledger.LeftOut.SelectMany(gap => Wrap($"{gap.Where}: {gap.Why}", "  ", "    ")))
            yield return line;
        foreach (string said in LedgerWords.Promise(ledger))
        {
            yield return "";
            foreach (string line in Wrap(said, "", ""))
                yield return line;
        }

        IEnumerable<string> Wrap(string text, string first, string rest) => TextWrap.Lines(Words.Clean(text), first, rest, width);

        IEnumerable<string> Claim(LedgerClaim claim)
        {
            string number = $"{claim.Number,4}  ";
            IEnumerable<string> lines = [.. Wrap(claim.Claim, number, "      "), .. Wrap(LedgerWords.Subject(claim), "      ", "        ")];
            foreach (LedgerTry tried in claim.Tries.Select(n => ledger.Tries[n - 1]))
                lines = lines.Concat(Wrap(LedgerWords.Try(tried), "      ", "        "));
            return lines.Concat(LedgerWords.Remarks(claim).SelectMany(said => Wrap(said, "      ", "        ")));
        }
    }
}
