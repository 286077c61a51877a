using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using Xunit;

namespace Sweep.Tests.Client;

/// <summary>A run whose store is no longer what was written: other numbers are never given, and what is sound is.</summary>
public sealed class DamagedStoreTests
{
    private static readonly CancellationToken None = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Report_WhenAStoredResultHasChanged_LeavesItOutAndItsTrialRunsAgain()
    {
        using var scratch = new Scratch();
        scratch.Write("tiny.yaml", TinySpec.Quick);
        Assert.Equal(0, (await SweepProcess.RunAsync(scratch.Path, "run", "tiny.yaml")).ExitCode);
        string run = Path.Combine(scratch.Path, "runs", "tiny");
        string before = ReportNumbers.Of(run);
        string trial =
            Change(run, "UPDATE metrics SET value = value + 1e-9 WHERE name = 'energy_distance' AND trial = 3; SELECT id FROM trials WHERE trial = 3");

        SweepOutcome report = await SweepProcess.RunAsync(scratch.Path, "report", "tiny");

        Assert.Equal(1, report.ExitCode);
        Assert.Contains($"1 of 8 stored results are damaged", report.Error, StringComparison.Ordinal);
        Assert.Contains($"--completed {trial}", report.Error, StringComparison.Ordinal);
        JsonNode trials = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(run, "report", "report.json"), None))!["trials"]!;
        Assert.Equal((7, 1), (trials["completed"]!.GetValue<int>(), trials["failed"]!.GetValue<int>()));
        Assert.Equal((trial, "damaged"), (trials["failures"]![0]!["trial"]!.GetValue<string>(), trials["failures"]![0]!["cause"]!.GetValue<string>()));
        Assert.Equal(1, (await SweepProcess.RunAsync(scratch.Path, "export", "tiny", "--to", "exported")).ExitCode);
        Assert.Equal(1, (await SweepProcess.RunAsync(scratch.Path, "run", "tiny.yaml")).ExitCode);

        SweepOutcome retry = await SweepProcess.RunAsync(scratch.Path, "retry", "tiny", "--completed", trial[..8]);
        Assert.True(retry.ExitCode == 0 && retry.Output.Contains("1 trials queued again", StringComparison.Ordinal), retry.Error);
        SweepOutcome again = await SweepProcess.RunAsync(scratch.Path, "run", "tiny.yaml");

        Assert.True(again.ExitCode == 0, again.Error);
        Assert.Equal(before, ReportNumbers.Of(run));
    }

    [Fact]
    public async Task Report_WhenNoStoredResultIsSound_StillSaysWhich()
    {
        using var scratch = new Scratch();
        scratch.Write("tiny.yaml", TinySpec.Quick);
        Assert.Equal(0, (await SweepProcess.RunAsync(scratch.Path, "run", "tiny.yaml")).ExitCode);
        Change(Path.Combine(scratch.Path, "runs", "tiny"), "UPDATE results SET device = device || '!'");

        SweepOutcome report = await SweepProcess.RunAsync(scratch.Path, "report", "tiny");

        Assert.True(report.ExitCode == 1, report.Error);
        Assert.Contains("8 of 8 stored results are damaged", report.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", report.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Retry_WhenTheTrialIsNotCompleted_SaysWhatItIs()
    {
        using var scratch = new Scratch();
        scratch.Write("tiny.yaml", TinySpec.Quick);
        Assert.Equal(0, (await SweepProcess.RunAsync(scratch.Path, "run", "tiny.yaml")).ExitCode);
        string trial = Change(Path.Combine(scratch.Path, "runs", "tiny"), "UPDATE trials SET state = 4 WHERE trial = 1; SELECT id FROM trials WHERE trial = 1");

        SweepOutcome retry = await SweepProcess.RunAsync(scratch.Path, "retry", "tiny", "--completed", trial);

        Assert.Equal(2, retry.ExitCode);
        Assert.Contains($"{trial} is cancelled; allowed: completed trials", retry.Error, StringComparison.Ordinal);
        Assert.Equal(2, (await SweepProcess.RunAsync(scratch.Path, "retry", "tiny", "--completed", trial, "--trial", trial)).ExitCode);
    }

    /// <summary>Changes the store behind the program's back; returns what the last statement asks for.</summary>
    private static string Change(string run, string sql)
    {
        using SqliteConnection connection = new($"Data Source={Path.Combine(run, "sweep.db")};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar() as string ?? string.Empty;
    }
}
