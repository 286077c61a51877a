using System.Text.Json.Nodes;
using Xunit;

namespace Sweep.Tests.Client;

/// <summary><c>sweep check</c> on data files.</summary>
public sealed class CheckCommandTests
{
    private const string Spec = """
        sweep: mine
        seeds: 2
        axes:
          dataset: [{kind: file, name: d, path: d.csv, missing: drop}]
          preprocessing: [none, standardize]
          width: 8
        network: {hidden_layers: 1}
        training: {steps: 20, batch: 16}
        sampling: {steps: 25, samples: 64}
        """;

    [Fact]
    public async Task Check_OfADataFile_SaysWhatWasReadGuessedAndDroppedAndWhatWillFail()
    {
        using var scratch = new Scratch();
        scratch.Write("d.csv", Rows(constant: true));
        scratch.Write("mine.yaml", Spec);

        SweepOutcome text = await SweepProcess.RunAsync(scratch.Path, "check", "mine.yaml");
        JsonNode json = JsonNode.Parse((await SweepProcess.RunAsync(scratch.Path, "check", "mine.yaml", "--json")).Output)!;

        Assert.Equal(0, text.ExitCode);
        Assert.Contains(
            "data d: 79 rows of 3 columns: x, y, batch; 1 row lacks a value and was dropped; guessed: fields separated by a semicolon, decimal comma",
            text.Output, StringComparison.Ordinal);
        Assert.Equal(
            "mine.yaml:4: warning: dataset d: column batch (7) is constant: preprocessing standardize can't be fitted (leave out with except: [batch])",
                text.Error.Trim());
        Assert.Equal((79, 1), (json["data"]![0]!["rows"]!.GetValue<int>(), json["data"]![0]!["dropped_rows"]!.GetValue<int>()));
        Assert.Equal(4, Assert.Single(json["warnings"]!.AsArray())!["line"]!.GetValue<int>());
    }

    [Fact]
    public async Task Check_WhenNoTrialCanBeFitted_Exits2()
    {
        using var scratch = new Scratch();
        scratch.Write("d.csv", Rows(constant: true));
        scratch.Write("mine.yaml", Spec.Replace("[none, standardize]", "[whiten, standardize]", StringComparison.Ordinal));

        SweepOutcome outcome = await SweepProcess.RunAsync(scratch.Path, "check", "mine.yaml");

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains("data d: 79 rows of 3 columns: x, y, batch;", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("mine.yaml:1: no preprocessing can be fitted to any data set", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WhenRowsAreDropped_NotesItInTheReport()
    {
        using var scratch = new Scratch();
        scratch.Write("d.csv", Rows(constant: false));
        scratch.Write("mine.yaml", Spec);

        Assert.Equal(0, (await SweepProcess.RunAsync(scratch.Path, "run", "mine.yaml")).ExitCode);

        string report = await File.ReadAllTextAsync(Path.Combine(scratch.Path, "runs", "mine", "report", "report.md"), TestContext.Current.CancellationToken);
        Assert.Contains("1 of 80 rows of the file lacks a value and was dropped (missing: drop).", report, StringComparison.Ordinal);
    }

    /// <summary>As a German Excel saves a table.</summary>
    private static string Rows(bool constant) =>
        $"x;y{(constant ? ";batch" : "")}\r\n"
            + string.Concat(Enumerable.Range(0, 80).Select(i => $"{i * 37 % 101},25;{(i == 7 ? "" : $"{i * i % 89},5")}{(constant ? ";7" : "")}\r\n"));
}
