using System.Text.Json.Nodes;
using Sweep.Tests.Grains.Storage;
using Xunit;

namespace Sweep.Tests.Client;

/// <summary>A race through the installed command: killed and resumed, and by silos over PostgreSQL, it decides what an undisturbed run decides.</summary>
public sealed class RaceCommandTests(PostgresServer server) : StoreCommandTests(server, "race")
{
    private static readonly string Spec = TinySpec.Quick.Replace("seeds: 2", "seeds: {looks: [3, 6, 9]}", StringComparison.Ordinal);

    private static readonly string Slow = Spec.Replace("steps: 200", "steps: 8000", StringComparison.Ordinal);

    [Fact]
    public async Task Run_OfARaceThatIsKilledTwice_DecidesAsAnUndisturbedOne()
    {
        using var scratch = new Scratch();
        scratch.Write("tiny.yaml", Slow);
        await OkAsync(scratch.Path, "run", "tiny.yaml", "--out", "whole");
        foreach (int after in new[] { 5, 14 })
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
    public async Task Run_OfARaceThatStopsEarly_IsDoneWithExitCode0AndSaysWhatWasNotNeeded()
    {
        using var scratch = new Scratch();
        scratch.Write("tiny.yaml", $"{Spec}\nrace: {{margin: 1}}\ncompare: {{metric: energy_distance}}\n");

        SweepOutcome run = await OkAsync(scratch.Path, "run", "tiny.yaml");
        Assert.Contains("12/12 trials (100 %)", run.Error, StringComparison.Ordinal);
        Assert.Contains("look 1 (3 seeds) 3 within the margin", run.Output.ReplaceLineEndings(" ").Replace("  ", " ", StringComparison.Ordinal),
            StringComparison.Ordinal);
        SweepOutcome status = await OkAsync(scratch.Path, "status");
        Assert.Contains("tiny: done, 12/36 trials (100 % of the estimated cost)", status.Output, StringComparison.Ordinal);
        Assert.Contains("24 not needed", status.Output, StringComparison.Ordinal);
        SweepOutcome watch = await OkAsync(scratch.Path, "watch");
        Assert.Contains("race: over after look 1 of 3; of 3 comparisons 3 within the margin, 0 undecided; at most 12 of 36 trials in all",
            watch.Output.ReplaceLineEndings(" "), StringComparison.Ordinal);
        JsonNode report = JsonNode.Parse(File.ReadAllText(Path.Combine(scratch.Path, "runs", "tiny", "report", "report.json")))!;
        Assert.Equal((24, 0), (report["trials"]!["pruned"]!.GetValue<int>(), report["trials"]!["unfinished"]!.GetValue<int>()));

        // Run again, it has nothing left to do, and decides nothing anew.
        await OkAsync(scratch.Path, "run", "tiny.yaml");
        Assert.Contains("no difference", File.ReadAllText(Path.Combine(scratch.Path, "runs", "tiny", "report", "report.md")), StringComparison.Ordinal);
        Assert.StartsWith("metric,", File.ReadLines(Path.Combine(scratch.Path, "runs", "tiny", "report", "comparisons.csv")).First(), StringComparison.Ordinal);
        Assert.EndsWith(",decision,p_equivalence", File.ReadLines(Path.Combine(scratch.Path, "runs", "tiny", "report", "comparisons.csv")).First(),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Silos_OverPostgres_DecideAsTheEmbeddedRun()
    {
        using var scratch = new Scratch();
        scratch.Write("home/tiny.yaml", Spec);
        string home = Path.Combine(scratch.Path, "home");
        SweepOutcome check = await OkAsync(home, "check", "tiny.yaml");
        Assert.Contains("look 3, 9 seeds, 50% of the level", check.Output.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.Contains("estimated time: at most", check.Output, StringComparison.Ordinal);
        await OkAsync(home, "run", "tiny.yaml", "--out", "embedded");

        Assert.Contains("launched tiny: 36 trials", (await OkAsync(home, "launch", "tiny.yaml", "--store", Store)).Output, StringComparison.Ordinal);
        Assert.Contains("race: look 1 of 3 is next; at most 36 of 36 trials in all",
            (await OkAsync(home, "status", "tiny", "--store", Store)).Output.ReplaceLineEndings(" "), StringComparison.Ordinal);

        // A silo that leaves when idle waits for what is held.
        await OkAsync(home, "silo", "--store", Store, "--slots", "2", "--id", "only", "--exit-when-idle");
        JsonNode status = JsonNode.Parse((await OkAsync(home, "status", "tiny", "--store", Store, "--json")).Output)!;
        Assert.Equal((0, 0), (status["sweep"]!["held"]!.GetValue<int>(), status["sweep"]!["queued"]!.GetValue<int>()));
        Assert.Contains("race: over after look", status["race"]!.GetValue<string>(), StringComparison.Ordinal);
        await OkAsync(home, "report", "--store", Store, "--out", "cluster");
        Assert.Equal(Numbers(home, "embedded"), Numbers(home, "cluster"));

        // Looks are fixed.
        scratch.Write("home/other.yaml", Spec.Replace("[3, 6, 9]", "[3, 6, 12]", StringComparison.Ordinal));
        SweepOutcome refused = await SweepProcess.RunAsync(home, "launch", "other.yaml", "--store", Store);
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("race.looks: [3, 6, 9] → [3, 6, 12]", refused.Error, StringComparison.Ordinal);
    }

    /// <summary>But for when looks were judged.</summary>
    private static string Numbers(string folder, string run)
    {
        JsonNode report = JsonNode.Parse(ReportNumbers.Of(Path.Combine(folder, run), pictures: false))!;
        JsonArray looks = report["family"]!["race"]!["looks"]!.AsArray();
        Assert.Contains(looks, l => l!["at"] is not null);
        foreach (JsonNode? look in looks)
            look!.AsObject().Remove("at");
        return report.ToJsonString();
    }

    private static async Task<int> CompletedAsync(string folder)
    {
        SweepOutcome status = await SweepProcess.RunAsync(folder, "status", "--out", "killed", "--json");
        return status.ExitCode == 0 ? JsonNode.Parse(status.Output)!["sweep"]!["completed"]!.GetValue<int>() : 0;
    }
}
