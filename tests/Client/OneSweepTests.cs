using Xunit;

namespace Sweep.Tests.Client;

/// <summary>One folder holds one sweep: it goes on, grows or gets another name; another one is refused before anything is written.</summary>
public sealed class OneSweepTests
{
    [Fact]
    public async Task Run_WhenTheFolderHoldsAnotherSweep_IsRefusedAndChangesNothing()
    {
        using var scratch = new Scratch();
        scratch.Write("a.yaml", TinySpec.Quick.Replace("sweep: tiny", "sweep: a", StringComparison.Ordinal));
        scratch.Write("b.yaml",
            TinySpec.Quick.Replace("sweep: tiny", "sweep: b", StringComparison.Ordinal).Replace("steps: 200", "steps: 100", StringComparison.Ordinal));
        Assert.Equal(0, (await SweepProcess.RunAsync(scratch.Path, "run", "a.yaml", "--out", "r")).ExitCode);
        string before = ReportNumbers.Of(Path.Combine(scratch.Path, "r"));

        foreach (string[] command in new[] { new[] { "run", "b.yaml", "--out", "r" }, ["run", "b.yaml", "--out", "r", "--slots", "1"] })
        {
            SweepOutcome outcome = await SweepProcess.RunAsync(scratch.Path, command);

            Assert.True(outcome.ExitCode == 2, outcome.Error);
            Assert.Contains("r: there is sweep 'a' (8 trials)", outcome.Error, StringComparison.Ordinal);
            Assert.Contains("run this one in another (--out DIR)", outcome.Error, StringComparison.Ordinal);
            Assert.Equal(string.Empty, outcome.Output);
        }

        Assert.Equal(before, ReportNumbers.Of(Path.Combine(scratch.Path, "r")));
        foreach (string command in new[] { "report", "export", "status", "trials", "retry", "pause" })
        {
            SweepOutcome outcome = await SweepProcess.RunAsync(scratch.Path, command, "b", "--out", "r");

            Assert.True(outcome.ExitCode == 2, command);
            Assert.Contains("no sweep: b; r holds a", outcome.Error, StringComparison.Ordinal);
        }

        Assert.Equal(0, (await SweepProcess.RunAsync(scratch.Path, "report", "a", "--out", "r")).ExitCode);
    }

    [Fact]
    public async Task Run_WhenSeedsAreAddedOrNamesChange_RunsOnlyTheNewTrials()
    {
        using var scratch = new Scratch();
        scratch.Write("tiny.yaml", TinySpec.Quick);
        Assert.Equal(0, (await SweepProcess.RunAsync(scratch.Path, "run", "tiny.yaml", "--out", "r")).ExitCode);
        scratch.Write("more.yaml", TinySpec.Quick.Replace("seeds: 2", "seeds: 3", StringComparison.Ordinal));
        scratch.Write("named.yaml", TinySpec.Quick.Replace("seeds: 2", "seeds: 3", StringComparison.Ordinal)
            .Replace("sweep: tiny", "sweep: small", StringComparison.Ordinal).Replace("name: ring8", "name: circle", StringComparison.Ordinal));

        SweepOutcome more = await SweepProcess.RunAsync(scratch.Path, "run", "more.yaml", "--out", "r");
        SweepOutcome fresh = await SweepProcess.RunAsync(scratch.Path, "run", "more.yaml", "--out", "fresh");

        Assert.True(more.ExitCode == 0 && fresh.ExitCode == 0, more.Error + fresh.Error);
        Assert.Contains("extended by 4 trials; the 8 existing ones stay", more.Error, StringComparison.Ordinal);
        Assert.Contains("12 trials, 8 done before", more.Error, StringComparison.Ordinal);
        Assert.Equal(ReportNumbers.Groups(Path.Combine(scratch.Path, "fresh")), ReportNumbers.Groups(Path.Combine(scratch.Path, "r")));

        SweepOutcome named = await SweepProcess.RunAsync(scratch.Path, "run", "named.yaml", "--out", "r");
        SweepOutcome renamed = await SweepProcess.RunAsync(scratch.Path, "run", "named.yaml", "--out", "renamed");

        Assert.True(named.ExitCode == 0 && renamed.ExitCode == 0, named.Error + renamed.Error);
        Assert.Contains("was tiny", named.Error, StringComparison.Ordinal);
        Assert.Contains("small: 12 trials, 12 done before", named.Error, StringComparison.Ordinal);
        Assert.Equal(ReportNumbers.Groups(Path.Combine(scratch.Path, "renamed")), ReportNumbers.Groups(Path.Combine(scratch.Path, "r")));

        SweepOutcome fewer = await SweepProcess.RunAsync(scratch.Path, "run", "tiny.yaml", "--out", "r");
        Assert.Equal(2, fewer.ExitCode);
        Assert.Contains("4 of its 12 trials are not among these", fewer.Error, StringComparison.Ordinal);
        Assert.Contains("seeds: [0, 1, 2] → [0, 1]", fewer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Report_WhenTheSpecIsAnothers_SaysTheDifference()
    {
        using var scratch = new Scratch();
        scratch.Write("tiny.yaml", TinySpec.Quick);
        Assert.Equal(0, (await SweepProcess.RunAsync(scratch.Path, "run", "tiny.yaml")).ExitCode);
        scratch.Write("more.yaml", TinySpec.Quick.Replace("seeds: 2", "seeds: 3", StringComparison.Ordinal));

        SweepOutcome outcome = await SweepProcess.RunAsync(scratch.Path, "report", "tiny", "--spec", "more.yaml");

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains("seeds: [0, 1] → [0, 1, 2]", outcome.Error, StringComparison.Ordinal);
    }
}
