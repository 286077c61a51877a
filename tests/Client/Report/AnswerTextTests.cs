using Sweep.Client.Report;
using Sweep.Grains.Comparison.Report;
using Xunit;

namespace Sweep.Tests.Client.Report;

public sealed class AnswerTextTests
{
    private static readonly AnswerSection Answer = new("one two three four five six seven eight nine ten", ["not printed"], null)
    {
        KeyFindings = ["better by 12.29 nats here and by 1.1 [11.91, 12.68] nats there", "a\u001b[31mred"],
    };

    [Fact]
    public void Lines_WhenGivenAWidth_StayWithinIt() => Assert.All(AnswerText.Lines(Answer, 40), line => Assert.InRange(line.Length, 1, 40));

    [Fact]
    public void Lines_WhenAnIntervalWouldBreak_KeepItWhole()
    {
        string[] lines = [.. AnswerText.Lines(Answer, 46)];
        Assert.Equal("one two three four five six seven eight nine", lines[0]);
        Assert.Equal("  - better by 12.29 nats here and by 1.1", lines[2]);
        Assert.Equal("    [11.91, 12.68] nats there", lines[3]);
    }

    [Fact]
    public void Lines_WhenTextHoldsControlCharacters_PrintNone() => Assert.All(AnswerText.Lines(Answer, 80), line => Assert.DoesNotContain('\u001b', line));

    [Fact]
    public void Lines_WhenThereAreManySentences_PrintOnlyTheKeyFindings() =>
        Assert.DoesNotContain(AnswerText.Lines(Answer, 80), line => line.Contains("not printed", StringComparison.Ordinal));
}
