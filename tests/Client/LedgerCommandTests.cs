using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using Xunit;

namespace Sweep.Tests.Client;

/// <summary>The ledger of a folder of runs, through the installed command.</summary>
public sealed class LedgerCommandTests
{
    /// <summary>Every trial calls its denoiser 25 times, whatever it learns.</summary>
    private const string Claims = """

        expect:
          - {claim: sampling costs what it must, metric: denoiser_evaluations, is: "<= 25"}
          - {claim: sampling is free, metric: denoiser_evaluations, is: "< 20"}
        """;

    [Fact]
    public async Task Ledger_OfAFolderOfRuns_SaysWhatSurvivesAndWhatIsLeftOut()
    {
        using var scratch = new Scratch();
        Assert.Contains("0 sweeps in runs; start one", (await OkAsync(scratch, "ledger")).Output, StringComparison.Ordinal);

        scratch.Write("tiny.yaml", TinySpec.Quick + Claims);
        await OkAsync(scratch, "run", "tiny.yaml");
        scratch.Write("again.yaml", TinySpec.Quick.Replace("sweep: tiny", "sweep: again", StringComparison.Ordinal));
        await OkAsync(scratch, "run", "again.yaml");

        // Claims of trials that another sweep had: one that it stated too, and one that nobody did.
        scratch.Write("again.yaml", TinySpec.Quick.Replace("sweep: tiny", "sweep: again", StringComparison.Ordinal)
            + Claims.Replace("sampling is free", "sampling is cheap", StringComparison.Ordinal).Replace("< 20", "< 40", StringComparison.Ordinal));
        await OkAsync(scratch, "report", "again", "--spec", "again.yaml");

        SweepOutcome text = await OkAsync(scratch, "ledger");
        string words = string.Join(' ', text.Output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("2 sweeps in runs: 3 claims, tried 3 times. 1 survives", words, StringComparison.Ordinal);
        Assert.Contains("tiny: supported, p 0 (all its seeds are equal) <= level 0.019; judged again in again", words, StringComparison.Ordinal);
        Assert.Contains("tiny: refuted, counts as p 1", words, StringComparison.Ordinal);
        Assert.Contains("again: supported, counts as p 1 (stated after results: 8 of 8 trials had completed)", words, StringComparison.Ordinal);

        JsonNode json = JsonNode.Parse((await OkAsync(scratch, "ledger", "--json")).Output)!;
        Assert.Equal([true, false, false], json["claims"]!.AsArray().Select(c => c!["survives"]!.GetValue<bool>()));
        Assert.Equal(["tiny", "again"], json["sweeps"]!.AsArray().Select(s => s!["name"]!.GetValue<string>()));
        string markdown = (await OkAsync(scratch, "ledger", "--markdown")).Output;
        Assert.Contains("## Claims supported in some sweep that do not survive", markdown, StringComparison.Ordinal);

        // Of one run alone, and of what is none.
        Assert.Contains("1 sweep in runs/tiny: 2 claims", (await OkAsync(scratch, "ledger", "--out", "runs/tiny")).Output, StringComparison.Ordinal);
        SweepOutcome none = await SweepProcess.RunAsync(scratch.Path, "ledger", "--out", "nowhere");
        Assert.Equal((2, "sweep: --out: no such folder: nowhere; allowed: a run's folder, or a folder of runs"), (none.ExitCode, none.Error.Trim()));
        SweepOutcome both = await SweepProcess.RunAsync(scratch.Path, "ledger", "--json", "--markdown");
        Assert.Equal((2, "sweep: --json together with --markdown; allowed: one of them"), (both.ExitCode, both.Error.Trim()));

        // What can't be read is said, and the others are there; scripts see that it isn't whole.
        scratch.Write("runs/foreign/sweep.db", "not a database");
        scratch.Write("runs/empty/notes.txt", "no run");
        string old = Path.Combine(scratch.Path, "runs", "old");
        Directory.CreateDirectory(old);
        File.Copy(Path.Combine(scratch.Path, "runs", "again", "sweep.db"), Path.Combine(old, "sweep.db"));
        await using (SqliteConnection connection = new($"Data Source={Path.Combine(old, "sweep.db")};Pooling=False"))
        {
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            await using SqliteCommand command = connection.CreateCommand();
            command.CommandText = "PRAGMA user_version = 1";
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        SweepOutcome damaged = await SweepProcess.RunAsync(scratch.Path, "ledger", "--json");
        Assert.Equal(3, damaged.ExitCode);
        json = JsonNode.Parse(damaged.Output)!;
        Assert.Equal(["runs/foreign", "runs/old"], json["left_out"]!.AsArray().Select(g => g!["where"]!.GetValue<string>()));
        Assert.Contains("schema 1; allowed: ", json["left_out"]![1]!["why"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(2, json["sweeps"]!.AsArray().Count);
    }

    /// <summary>A run that goes on is listed, and its claims count as tries.</summary>
    [Fact]
    public async Task Ledger_WhileASweepRuns_SaysThatItsResultsAreMissing()
    {
        using var scratch = new Scratch();
        scratch.Write("tiny.yaml", TinySpec.Longer + Claims);
        using SweepProcess run = SweepProcess.Start(scratch.Path, "run", "tiny.yaml");
        string database = Path.Combine(scratch.Path, "runs", "tiny", "sweep.db");
        JsonNode? json = null;
        while (json?["tries"]!.AsArray().Count is not 2)
        {
            Assert.False(run.EndsWithin(TimeSpan.FromMilliseconds(50)), "the run ended before its ledger was read");
            SweepOutcome outcome = File.Exists(database) ? await SweepProcess.RunAsync(scratch.Path, "ledger", "--json") : new SweepOutcome(3, "", "");
            json = outcome.ExitCode == 0 ? JsonNode.Parse(outcome.Output) : null;
        }

        Assert.Contains("trials have no result", json["tries"]![0]!["note"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Contains(json["sweeps"]![0]!["state"]!.GetValue<string>(), new[] { "running", "unfinished" });
        run.Interrupt();
        await run.EndAsync();
    }

    private static async Task<SweepOutcome> OkAsync(Scratch scratch, params string[] arguments)
    {
        SweepOutcome outcome = await SweepProcess.RunAsync(scratch.Path, arguments);
        Assert.True(outcome.ExitCode == 0, outcome.Error);
        return outcome;
    }
}
