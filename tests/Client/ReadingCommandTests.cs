using System.Text.Json.Nodes;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;
using Sweep.Grains.Storage.Sqlite;
using Sweep.Tests.Grains.Coordination;
using Xunit;

namespace Sweep.Tests.Client;

/// <summary>The commands that look at a run.</summary>
public sealed class ReadingCommandTests
{
    [Fact]
    public async Task ReadingCommands_WhenARunIsThere_ShowIt()
    {
        using var scratch = new Scratch();
        scratch.Write("tiny.yaml", TinySpec.Quick);
        Assert.Equal(0, (await SweepProcess.RunAsync(scratch.Path, "run", "tiny.yaml")).ExitCode);

        JsonNode list = await JsonOfAsync(scratch, "list", "--json");
        Assert.Equal("tiny", list[0]!["sweep"]!["name"]!.GetValue<string>());

        JsonNode status = await JsonOfAsync(scratch, "status", "tiny", "--json");
        Assert.Equal(8, status["sweep"]!["completed"]!.GetValue<int>());

        // Of what is done it gives the report's answer.
        string report = Path.Combine(scratch.Path, "runs", "tiny", "report");
        JsonNode answer = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(report, "report.json"), TestContext.Current.CancellationToken))!["answer"]!;
        Assert.Equal(answer["headline"]!.GetValue<string>(), status["answer"]!.GetValue<string>());
        string shown = (await SweepProcess.RunAsync(scratch.Path, "status")).Output;
        SweepOutcome live = await SweepProcess.RunAsync(scratch.Path, "status", "--live");
        Assert.Equal((0, ""), (live.ExitCode, live.Error));
        Assert.Contains("nothing is live, as it has ended; its comparisons are in the report: sweep report", live.Output, StringComparison.Ordinal);
        Assert.Contains(status["answer"]!.GetValue<string>()[..40], shown.Replace('\n', ' '), StringComparison.Ordinal);

        JsonNode trials = await JsonOfAsync(scratch, "trials", "--json", "--state", "completed", "--take", "3");
        Assert.Equal(3, trials.AsArray().Count);
        string id = trials[0]!["id"]!.GetValue<string>();

        // A row a line where it isn't a terminal, so that grep finds all of it.
        string piped = (await SweepProcess.RunAsync(scratch.Path, "trials")).Output;
        Assert.Single(piped.Split('\n'), line => line.Contains($" {id} ", StringComparison.Ordinal) && line.Contains(" completed ", StringComparison.Ordinal));

        JsonNode trial = await JsonOfAsync(scratch, "show", id[..8], "--json");
        Assert.Equal(id, trial["id"]!.GetValue<string>());
        Assert.Equal(26, trial["curves"]!["log_likelihood"]!.AsArray().Count);
        Assert.Equal(trials[0]!["metrics"]!["energy_distance"]!.ToJsonString(), trial["metrics"]!["energy_distance"]!.ToJsonString());

        // Its spec, as it is shown, runs that trial.
        string shownTrial = (await SweepProcess.RunAsync(scratch.Path, "show", id)).Output;
        int from = shownTrial.IndexOf("sweep: trial-", StringComparison.Ordinal), to = shownTrial.IndexOf("\nartifact: ", from, StringComparison.Ordinal);
        SpecReading alone = SpecReader.Read(scratch.Write("alone.yaml", shownTrial[from..to]), SpecCatalogue.Default);
        Assert.Equal(id, Assert.Single(TrialExpansion.Expand(alone.Spec!)).Id);

        // A watch of what is done ends at once, with the answer.
        SweepOutcome watched = await SweepProcess.RunAsync(scratch.Path, "watch");
        Assert.Contains(status["answer"]!.GetValue<string>()[..40], watched.Output.Replace('\n', ' '), StringComparison.Ordinal);
        string lastLine = (await SweepProcess.RunAsync(scratch.Path, "watch", "--json")).Output.TrimEnd().Split('\n')[^1];
        Assert.Equal(answer["headline"]!.GetValue<string>(), JsonNode.Parse(lastLine)!["answer"]!.GetValue<string>());

        // A shell that asks for the sweep's name.
        Assert.Contains("tiny", (await SweepProcess.RunAsync(scratch.Path, "[suggest:7]", "status ")).Output.Split('\n'));
        File.Delete(Path.Combine(scratch.Path, "alone.yaml"));

        string before = ReportNumbers.Of(Path.Combine(scratch.Path, "runs", "tiny"));
        Directory.Delete(report, recursive: true);
        Assert.Equal(0, (await SweepProcess.RunAsync(scratch.Path, "report")).ExitCode);
        Assert.Equal(before, ReportNumbers.Of(Path.Combine(scratch.Path, "runs", "tiny")));

        // Where it is run, files of these names are somebody else's.
        scratch.Write("trials.csv", "mine");
        scratch.Write("expectations.csv", "mine");
        Assert.Equal(0, (await SweepProcess.RunAsync(scratch.Path, "export")).ExitCode);
        string[] rows = await File.ReadAllLinesAsync(Path.Combine(scratch.Path, "exports", "tiny", "trials.csv"), TestContext.Current.CancellationToken);
        Assert.Equal(1 + 8, rows.Length);
        Assert.Equal("mine", await File.ReadAllTextAsync(Path.Combine(scratch.Path, "trials.csv"), TestContext.Current.CancellationToken));
        Assert.Equal("mine", await File.ReadAllTextAsync(Path.Combine(scratch.Path, "expectations.csv"), TestContext.Current.CancellationToken));

        // Nothing is claimed to have been done to what is done.
        foreach (string verb in new[] { "pause", "resume", "cancel" })
        {
            string said = (await SweepProcess.RunAsync(scratch.Path, verb)).Output;
            Assert.Equal($"tiny is done (8 of 8 trials completed): nothing to {verb}\n", said);
        }

        Assert.Equal("nothing to retry: no trial of tiny has failed or was cancelled\n", (await SweepProcess.RunAsync(scratch.Path, "retry")).Output);
        Assert.False((await JsonOfAsync(scratch, "status", "tiny", "--json"))["sweep"]!["paused"]!.GetValue<bool>());
    }

    /// <summary>As a store stands whose silos were built without TorchSharp, launched by somebody who has it.</summary>
    [Fact]
    public async Task Status_WhenQueuedTrialsNeedWhatNoSiloHas_SaysSo()
    {
        using var scratch = new Scratch();
        string run = Directory.CreateDirectory(Path.Combine(scratch.Path, "runs", "images")).FullName;
        await using (var store = SqliteSweeps.Open(Path.Combine(run, "sweep.db"), TimeProvider.System))
        {
            await store.SubmitAsync(
                Samples.Sweep("images"), [new(Samples.Trial(0), 1) { Needs = Abilities.Torch }, new(Samples.Trial(1), 1)],
                    TestContext.Current.CancellationToken);
        }

        SweepOutcome waiting = await SweepProcess.RunAsync(scratch.Path, "status", "images");
        Assert.Contains("1 queued trial needs TorchSharp (docs/torchsharp.md), which no live silo offers", waiting.Output, StringComparison.Ordinal);
        JsonNode sweep = (await JsonOfAsync(scratch, "status", "images", "--json"))["sweep"]!;
        Assert.Equal((1, "torch"), (sweep["unserved"]!.GetValue<int>(), sweep["lacking"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Note_WhenWritten_IsShownAndInTheJsonUntilItIsRemoved()
    {
        using var scratch = new Scratch();
        string run = Directory.CreateDirectory(Path.Combine(scratch.Path, "runs", "ring")).FullName;
        await using (var store = SqliteSweeps.Open(Path.Combine(run, "sweep.db"), TimeProvider.System))
            await store.SubmitAsync(Samples.Sweep("ring"), Samples.Trials(1), TestContext.Current.CancellationToken);

        async Task<string> SaidAsync(params string[] arguments)
        {
            SweepOutcome outcome = await SweepProcess.RunAsync(scratch.Path, ["note", .. arguments]);
            Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
            return outcome.Output;
        }

        Assert.Equal("nothing is noted of ring\n", await SaidAsync());
        Assert.Equal("noted of ring\n", await SaidAsync("ring", "--text", "for the paper", "--tag", "paper", "--tag", "to do"));
        Assert.Equal("that is noted of ring already\n", await SaidAsync("--text", "for the paper"));
        Assert.Equal("noted of ring\n", await SaidAsync("--tag", "done"));
        Assert.Equal("tags: done\nfor the paper\n", await SaidAsync());
        JsonNode note = (await JsonOfAsync(scratch, "status", "--json"))["sweep"]!["note"]!;
        Assert.Equal(("for the paper", "done"), (note["text"]!.GetValue<string>(), note["tags"]![0]!.GetValue<string>()));
        SweepOutcome refused = await SweepProcess.RunAsync(scratch.Path, "note", "--tag", "a,b");
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("--tag: a,b; allowed: no comma and no control characters", refused.Error, StringComparison.Ordinal);
        Assert.Equal("nothing is noted of ring any more\n", await SaidAsync("--text", "", "--tag", ""));
        Assert.Equal("nothing is noted of ring\n", await SaidAsync());
    }

    [Theory]
    [InlineData("show", "zzzz")]
    [InlineData("status", "nothing-of-that-name")]
    [InlineData("trials", "--state", "happy")]
    [InlineData("run", "no-such.yaml")]
    [InlineData("run")]
    [InlineData("dance")]
    public async Task AnyCommand_WhenMisused_Exits2WithOneLineAndNoTrace(params string[] arguments)
    {
        using var scratch = new Scratch();
        SweepOutcome outcome = await SweepProcess.RunAsync(scratch.Path, arguments);
        Assert.Equal(2, outcome.ExitCode);
        Assert.NotEmpty(outcome.Error);
        Assert.DoesNotContain("   at ", outcome.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(scratch.Path));
    }

    [Fact]
    public async Task Check_WhenTheSpecIsGood_PrintsAxesCountAndTimeAndRunsNothing()
    {
        using var scratch = new Scratch();
        scratch.Write("tiny.yaml", TinySpec.Quick);
        SweepOutcome outcome = await SweepProcess.RunAsync(scratch.Path, "check", "tiny.yaml");
        Assert.True(outcome.ExitCode == 0, outcome.Error);
        Assert.Contains("8 trials", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("preprocessing", outcome.Output, StringComparison.Ordinal);
        Assert.Single(Directory.GetFileSystemEntries(scratch.Path));
    }

    private static async Task<JsonNode> JsonOfAsync(Scratch scratch, params string[] arguments)
    {
        SweepOutcome outcome = await SweepProcess.RunAsync(scratch.Path, arguments);
        Assert.True(outcome.ExitCode == 0, outcome.Error);
        return JsonNode.Parse(outcome.Output)!;
    }
}
