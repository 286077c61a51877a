using System.Text.Json.Nodes;
using Xunit;

namespace Sweep.Tests.Client;

/// <summary>Expectations through the installed command: checked, judged, demanded by exit code, changed after the results.</summary>
public sealed class ExpectationCommandTests
{
    /// <summary>Every trial calls its denoiser 25 times, whatever it learns.</summary>
    private const string True = "\nexpect:\n  - {claim: sampling costs what it must, metric: denoiser_evaluations, is: \"<= 25\"}\n";

    private const string False = "  - {claim: sampling is free, metric: denoiser_evaluations, is: \"< 20\"}\n";

    private const string Malformed = "  - {claim: sampling is free, compare: {width: [8, 16]}, metric: denoiser_evaluations, is: \"a < 20\"}\n";

    [Fact]
    public async Task Run_WhenExpectationsAreDemanded_AnswersByExitCodeAndRemembersWhatWasChanged()
    {
        using var scratch = new Scratch();
        scratch.Write("tiny.yaml", TinySpec.Quick + True);
        SweepOutcome met = await SweepProcess.RunAsync(scratch.Path, "run", "tiny.yaml", "--expect");
        Assert.True(met.ExitCode == 0, met.Error);
        Assert.Contains("Expectations: 1 supported, 0 refuted, 0 undecided (95% intervals over 2 seeds)", met.Output, StringComparison.Ordinal);
        Assert.Contains("All were stated before the first trial completed.", met.Output, StringComparison.Ordinal);

        scratch.Write("tiny.yaml", TinySpec.Quick + True + False);
        SweepOutcome unmet = await SweepProcess.RunAsync(scratch.Path, "report", "--spec", "tiny.yaml", "--expect");
        Assert.Equal(1, unmet.ExitCode);
        Assert.Equal("refuted: sampling is free", unmet.Error.Trim());
        Assert.Contains("✗ refuted     sampling is free", unmet.Output, StringComparison.Ordinal);
        Assert.Contains("1 of 2 was added or changed after trials had completed", unmet.Output, StringComparison.Ordinal);

        SweepOutcome plain = await SweepProcess.RunAsync(scratch.Path, "report", "--json");
        Assert.Equal(0, plain.ExitCode);
        JsonNode report = JsonNode.Parse(plain.Output)!;
        Assert.Equal([0, 8], report["expectations"]!.AsArray().Select(e => e!["registered"]!["completed"]!.GetValue<int>()));

        scratch.Write("other.yaml", TinySpec.Quick.Replace("samples: 256", "samples: 128", StringComparison.Ordinal) + True);
        SweepOutcome other = await SweepProcess.RunAsync(scratch.Path, "report", "--spec", "other.yaml");
        Assert.Equal(2, other.ExitCode);
        Assert.Contains("sampling.samples: 256 → 128", other.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_WhenAClaimCannotBeDecided_SaysSoAtItsLine()
    {
        using var scratch = new Scratch();
        scratch.Write("tiny.yaml", TinySpec.Quick + True + Malformed);
        SweepOutcome outcome = await SweepProcess.RunAsync(scratch.Path, "check", "tiny.yaml");
        Assert.Equal(2, outcome.ExitCode);
        Assert.StartsWith("tiny.yaml:13: expect[1].is: a < 20; allowed: \"b < a\"", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WhenExpectationsAreDemandedAndThereAreNone_IsRefused()
    {
        using var scratch = new Scratch();
        scratch.Write("tiny.yaml", TinySpec.Quick);
        SweepOutcome outcome = await SweepProcess.RunAsync(scratch.Path, "run", "tiny.yaml", "--expect");
        Assert.Equal((2, "sweep: --expect: tiny states no expectations; allowed: a spec with expect"), (outcome.ExitCode, outcome.Error.Trim()));
    }
}
