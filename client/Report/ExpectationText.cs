using Sweep.Client.Terminal;
using Sweep.Grains.Comparison.Report;

namespace Sweep.Client.Report;

/// <summary>What came of the expectations, for a terminal.</summary>
internal static class ExpectationText
{
    private const int Verdict = 12;

    /// <summary>Nothing where the spec states none and never did.</summary>
    public static IEnumerable<string> Lines(ReportDocument document, int width)
    {
        if (document.ExpectationRules is not { } rules)
            yield break;
        string counts = $"Expectations: {ExpectationWords.Counts(rules)} (95% intervals over {ExpectationWords.Seeds(document)})";
        foreach (string line in TextWrap.Lines(counts, "", "  ", width))
            yield return line;
        string indent = new(' ', Verdict + 4);
        foreach (ExpectationSection e in document.Expectations)
        {
            string head = $"  {ExpectationWords.Mark(e.Verdict)} {e.Verdict.PadRight(Verdict)}";
            foreach (string line in TextWrap.Lines(Words.Clean(e.Claim), head, indent, width))
                yield return line;
            foreach (string line in TextWrap.Lines(Words.Clean($"{ExpectationWords.Subject(e)}: {ExpectationWords.Outcome(e)}"), indent, indent + "  ", width))
                yield return line;
            foreach (string line in (e.Controls ?? []).SelectMany(c => TextWrap.Lines(Words.Clean(ExpectationWords.Control(c)), indent, indent + "  ", width)))
                yield return line;
        }

        if (rules.Registration.Length > 0)
        {
            foreach (string line in TextWrap.Lines(rules.Registration, "  ", "  ", width))
                yield return line;
        }
    }
}
