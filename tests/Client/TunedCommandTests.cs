using System.Text.Json.Nodes;
using Sweep.Tests.Grains.Storage;
using Xunit;

namespace Sweep.Tests.Client;

/// <summary>
/// Tuned arms through the installed command: killed and resumed, and by silos over PostgreSQL of which one is killed, they get the settings of an undisturbed
/// run.
/// </summary>
public sealed class TunedCommandTests(PostgresServer server) : StoreCommandTests(server, "tuned")
{
    private const string Tune =
        "tune: {over: {training.learning_rate: {from: 1e-4, to: 1e-1, scale: log}}, per: preprocessing, trials: 4, seeds: [100], metric: energy_distance}\n";

    private static readonly string Spec = $"{TinySpec.Quick.Replace(", learning_rate: 1e-2", "", StringComparison.Ordinal)}\n{Tune}";

    private static readonly string Slow = Spec.Replace("steps: 200", "steps: 4000", StringComparison.Ordinal);

    [Theory]
    [InlineData("trials: 4")]
    [InlineData("trials: 13, method: tpe, batch: 2")]
    public async Task Run_OfATunedSweepThatIsKilledTwice_ChoosesAsAnUndisturbedOne(string budget)
    {
        using var scratch = new Scratch();
        scratch.Write("tiny.yaml", Slow.Replace("trials: 4", budget, StringComparison.Ordinal));
        await OkAsync(scratch.Path, "run", "tiny.yaml", "--out", "whole");
        int tuning = Report(scratch.Path, "whole")["tuning"]!["arms"]!.AsArray().Sum(a => a!["trials"]!.GetValue<int>());

        // While it tunes (by what was suggested), and while it confirms.
        foreach (int after in new[] { tuning - 7, tuning + 2 })
        {
            using SweepProcess killed = SweepProcess.Start(scratch.Path, "run", "tiny.yaml", "--slots", "2", "--out", "killed");
            await UntilAsync($"{after} trials have completed", async () => await CompletedAsync(scratch.Path) >= after || killed.HasExited);
            killed.Kill();
            await killed.EndAsync();
        }

        await OkAsync(scratch.Path, "run", "tiny.yaml", "--out", "killed");
        Assert.Equal(Numbers(scratch.Path, "whole"), Numbers(scratch.Path, "killed"));
    }

    [Fact]
    public async Task Run_OfATunedSweep_SaysWhatItTunesWhatItChoseAndThatItDid()
    {
        using var scratch = new Scratch();
        scratch.Write("tiny.yaml", Spec);
        string check = (await OkAsync(scratch.Path, "check", "tiny.yaml")).Output.ReplaceLineEndings(" ").Replace("   ", " ", StringComparison.Ordinal);
        Assert.Contains("tunes training.learning_rate for each preprocessing: 4 settings of a scrambled Sobol sequence (seed 0)", check,
            StringComparison.Ordinal);
        Assert.Contains("budget: ", check, StringComparison.Ordinal);
        Assert.Contains("each of 2 arms tunes with", check, StringComparison.Ordinal);
        JsonNode budget = JsonNode.Parse((await OkAsync(scratch.Path, "check", "tiny.yaml", "--json")).Output)!;
        Assert.Equal(budget["trials"]!.GetValue<int>(), budget["tune"]!["tuning"]!.GetValue<int>() + budget["tune"]!["confirming"]!.GetValue<int>());

        SweepOutcome run = await OkAsync(scratch.Path, "run", "tiny.yaml");
        Assert.Contains("(100 %)", run.Error, StringComparison.Ordinal);
        Assert.Contains("With training.learning_rate tuned for each preprocessing: ", run.Output.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.Contains(
            "confirmed: settings were chosen on ", (await OkAsync(scratch.Path, "status")).Output.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.StartsWith("confirmed: ", JsonNode.Parse((await OkAsync(scratch.Path, "status", "--json")).Output)!["tuning"]!.GetValue<string>(),
            StringComparison.Ordinal);

        string folder = Path.Combine(scratch.Path, "runs", "tiny", "report"), page = File.ReadAllText(Path.Combine(folder, "report.md"));
        Assert.Contains("## Tuning", page, StringComparison.Ordinal);
        Assert.Contains("Pairs share seed and data, not settings.", page, StringComparison.Ordinal);
        JsonNode report = Report(scratch.Path, "runs/tiny");
        Assert.All(report["tuning"]!["arms"]!.AsArray(), a => Assert.InRange(a!["choice"]!.GetValue<int>(), 1, 4));
        Assert.Equal(0, report["trials"]!["unfinished"]!.GetValue<int>());

        // What is compared has the settings that were chosen.
        string[] rows = File.ReadAllLines(Path.Combine(folder, "trials.csv"));
        int rate = rows[0].Split(',').ToList().IndexOf("training.learning_rate");
        Assert.Equal(budget["tune"]!["confirming"]!.GetValue<int>(), rows.Length - 1);
        Assert.Equal(
            report["tuning"]!["arms"]!.AsArray()
                .Select(a => a!["tried"]![a["choice"]!.GetValue<int>() - 1]!["values"]!["training.learning_rate"]!.ToJsonString()).Distinct().Order(),
            rows[1..].Select(r => r.Split(',')[rate]).Distinct().Order());

        // Run again, it has nothing left to do, and chooses nothing anew.
        await OkAsync(scratch.Path, "run", "tiny.yaml");
        Assert.Equal(report["tuning"]!.ToJsonString(), Report(scratch.Path, "runs/tiny")["tuning"]!.ToJsonString());
    }

    [Fact]
    public async Task Silos_OverPostgresOfWhichOneIsKilled_ChooseAsTheEmbeddedRun()
    {
        using var scratch = new Scratch();
        scratch.Write("home/tiny.yaml", Slow);
        string home = Path.Combine(scratch.Path, "home");
        await OkAsync(home, "run", "tiny.yaml", "--out", "embedded");
        await OkAsync(home, "launch", "tiny.yaml", "--store", Store);
        Assert.Contains("tuning: 0 of ", (await OkAsync(home, "status", "tiny", "--store", Store)).Output.ReplaceLineEndings(" "), StringComparison.Ordinal);

        // The one that is killed has completed some of what tunes, and holds more.
        using SweepProcess killed = SweepProcess.Start(home, "silo", "--store", Store, "--slots", "2", "--id", "killed");
        await UntilAsync("3 trials have completed", async () => await LaunchedAsync(home) >= 3 || killed.HasExited);
        killed.Kill();
        await killed.EndAsync();
        await OkAsync(home, "silo", "--store", Store, "--slots", "2", "--id", "other", "--exit-when-idle");
        JsonNode status = JsonNode.Parse((await OkAsync(home, "status", "tiny", "--store", Store, "--json")).Output)!;
        Assert.StartsWith("confirmed: ", status["tuning"]!.GetValue<string>(), StringComparison.Ordinal);
        await OkAsync(home, "report", "--store", Store, "--out", "cluster");
        Assert.Equal(Numbers(home, "embedded"), Numbers(home, "cluster"));

        scratch.Write("home/other.yaml", Slow.Replace("trials: 4", "trials: 5", StringComparison.Ordinal));
        SweepOutcome refused = await SweepProcess.RunAsync(home, "launch", "other.yaml", "--store", Store);
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("tune.trials: 4 → 5", refused.Error, StringComparison.Ordinal);
    }

    private static JsonNode Report(string folder, string run) => JsonNode.Parse(File.ReadAllText(Path.Combine(folder, run, "report", "report.json")))!;

    /// <summary>But for how long things took.</summary>
    private static string Numbers(string folder, string run)
    {
        JsonNode report = JsonNode.Parse(ReportNumbers.Of(Path.Combine(folder, run), pictures: false))!;
        Assert.True(report["tuning"]!["chosen"]!.GetValue<bool>());
        foreach (JsonNode? arm in report["tuning"]!["arms"]!.AsArray())
        {
            arm!.AsObject().Remove("train_seconds");
            arm.AsObject().Remove("sample_seconds");
        }

        return report.ToJsonString();
    }

    private static async Task<int> CompletedAsync(string folder) => Completed(await SweepProcess.RunAsync(folder, "status", "--out", "killed", "--json"));

    private async Task<int> LaunchedAsync(string folder) => Completed(await SweepProcess.RunAsync(folder, "status", "tiny", "--store", Store, "--json"));

    private static int Completed(SweepOutcome status) =>
        status.ExitCode == 0 ? JsonNode.Parse(status.Output)!["sweep"]!["completed"]!.GetValue<int>() : 0;
}
