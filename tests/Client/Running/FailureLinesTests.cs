using Sweep.Client.Running;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;
using Sweep.Tests.Grains.Coordination;
using Xunit;

namespace Sweep.Tests.Client.Running;

public sealed class FailureLinesTests
{
    [Fact]
    public void Add_WhenFailuresDifferInNumbersAlone_ShowsOneNowAndTheRestAtTheEnd()
    {
        var lines = new FailureLines();

        string?[] shown = [.. Enumerable.Range(0, 18).Select(i => Add(lines, i, $"too few training points for 32 columns: {20 + i}"))];

        Assert.Contains(Samples.Trial(0).Id, shown[0], StringComparison.Ordinal);
        Assert.All(shown.Skip(1), Assert.Null);
        string rest = Assert.Single(lines.Rest());
        Assert.StartsWith("Failed, 18 trials (", rest, StringComparison.Ordinal);
        Assert.Contains("seed 5; 12 more): too few training points for 32 columns: 20", rest, StringComparison.Ordinal);
        Assert.Empty(lines.Rest());
    }

    [Fact]
    public void Add_WhenFailuresDifferInWords_ShowsEach()
    {
        var lines = new FailureLines();

        Assert.NotNull(Add(lines, 0, "column batch_no is constant"));
        Assert.NotNull(Add(lines, 1, "column lot_no is constant"));

        Assert.Empty(lines.Rest());
    }

    [Fact]
    public void Add_WhenOneTrialFailsAgain_CountsItsAttempts()
    {
        var lines = new FailureLines();
        for (int attempt = 1; attempt <= 3; attempt++)
            lines.Add(Samples.Trial(0), attempt, AttemptOutcome.Failed, $"unexpected: see {Samples.Trial(0).Id}/exception.txt");

        Assert.StartsWith($"Failed, 3 attempts of trial {Samples.Trial(0).Id}: ", Assert.Single(lines.Rest()), StringComparison.Ordinal);
    }

    private static string? Add(FailureLines lines, int number, string message)
    {
        TrialSpec trial = Samples.Trial(number);
        return lines.Add(trial, 1, AttemptOutcome.Failed, message);
    }
}
