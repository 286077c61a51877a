using Sweep.Client.Terminal;
using Sweep.Grains.Comparison.Report;

namespace Sweep.Client.Report;

/// <summary>The answer for a terminal: the headline and the key findings, wrapped.</summary>
internal static class AnswerText
{
    public static IEnumerable<string> Lines(AnswerSection answer, int width)
    {
        foreach (string line in TextWrap.Lines(Words.Clean(answer.Headline), "", "", width))
            yield return line;
        foreach (string line in answer.KeyFindings.SelectMany(f => TextWrap.Lines(Words.Clean(f), "  - ", "    ", width)))
            yield return line;
    }
}
