using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Xunit;

namespace Sweep.Tests.Client;

/// <summary>The main job through the installed command, as a user types it.</summary>
public sealed class RunCommandTests
{
    [Fact]
    public async Task Run_WhenTheSpecIsGood_LeavesACompleteReport()
    {
        using var scratch = new Scratch();
        scratch.Write("tiny.yaml", TinySpec.Quick);

        SweepOutcome outcome = await SweepProcess.RunAsync(scratch.Path, "run", "tiny.yaml");

        Assert.True(outcome.ExitCode == 0, outcome.Error);
        string run = Path.Combine(scratch.Path, "runs", "tiny");
        foreach (string file in new[] { "index.html", "report.md", "report.json", "trials.csv", "curves.csv" })
            Assert.True(new FileInfo(Path.Combine(run, "report", file)).Length > 200, file);
        JsonNode report = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(run, "report", "report.json"), TestContext.Current.CancellationToken))!;
        Assert.Equal(8, report["trials"]!["completed"]!.GetValue<int>());
        Assert.Equal(4, report["groups"]!.AsArray().Count);
        Assert.Equal(26, report["groups"]![0]!["curves"]!["log_likelihood"]!["mean"]!.AsArray().Count);
        string[] trials = Directory.GetDirectories(Path.Combine(run, "artifacts"));
        Assert.Equal(8, trials.Length);
        foreach (string trial in trials)
        {
            string[] left = [.. Directory.GetFiles(trial).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];
            Assert.Equal(["preprocessing.json", "samples.npy", "trajectory.npy", "weights.safetensors"], left);
        }
    }

    [Fact]
    public async Task Run_WhenSlotsDiffer_GivesIdenticalMetrics()
    {
        using var scratch = new Scratch();
        scratch.Write("tiny.yaml", TinySpec.Quick);

        SweepOutcome one = await SweepProcess.RunAsync(scratch.Path, "run", "tiny.yaml", "--slots", "1", "--out", "one");
        SweepOutcome two = await SweepProcess.RunAsync(scratch.Path, "run", "tiny.yaml", "--slots", "2", "--out", "two");

        Assert.True(one.ExitCode == 0 && two.ExitCode == 0, one.Error + two.Error);
        Assert.Equal(ReportNumbers.Of(Path.Combine(scratch.Path, "one")), ReportNumbers.Of(Path.Combine(scratch.Path, "two")));
    }

    [Fact]
    public async Task Run_WhenKilledAndRunAgain_GivesTheUninterruptedReport()
    {
        using var scratch = new Scratch();
        scratch.Write("tiny.yaml", TinySpec.Longer);
        SweepOutcome whole = await SweepProcess.RunAsync(scratch.Path, "run", "tiny.yaml", "--out", "whole");
        Assert.True(whole.ExitCode == 0, whole.Error);

        using (SweepProcess killed = SweepProcess.Start(scratch.Path, "run", "tiny.yaml", "--slots", "2", "--out", "killed"))
        {
            await OnceSomethingCompletedAsync(scratch.Path, "killed", killed, killed.Kill);
            await killed.EndAsync();
        }

        SweepOutcome status = await SweepProcess.RunAsync(scratch.Path, "status", "--out", "killed");
        // It may have been killed between two trials.
        Assert.Matches(
            "(?s): (interrupted, .*no process works on it: the one that ran . trials? is gone|unfinished, .*no process works on it); "
                + "go on where it stopped with: sweep run SPEC --out killed", status.Output);
        Assert.DoesNotContain("embedded/", status.Output, StringComparison.Ordinal);
        SweepOutcome resumed = await SweepProcess.RunAsync(scratch.Path, "run", "tiny.yaml", "--out", "killed");

        Assert.True(resumed.ExitCode == 0, resumed.Error);
        Assert.Contains("done before", resumed.Error, StringComparison.Ordinal);
        Assert.Equal(ReportNumbers.Of(Path.Combine(scratch.Path, "whole")), ReportNumbers.Of(Path.Combine(scratch.Path, "killed")));
        SweepOutcome trials = await SweepProcess.RunAsync(scratch.Path, "trials", "--out", "killed", "--json");
        foreach (JsonNode? trial in JsonNode.Parse(trials.Output)!.AsArray())
            Assert.InRange(trial!["attempts"]!.GetValue<int>(), 1, 2);
    }

    [Fact]
    public async Task Run_WhenInterrupted_Exits130AndResumes()
    {
        using var scratch = new Scratch();
        scratch.Write("tiny.yaml", TinySpec.Longer);
        using (SweepProcess interrupted = SweepProcess.Start(scratch.Path, "run", "tiny.yaml", "--slots", "1"))
        {
            await OnceSomethingCompletedAsync(scratch.Path, Path.Combine("runs", "tiny"), interrupted, interrupted.Interrupt);
            SweepOutcome outcome = await interrupted.EndAsync();
            Assert.True(outcome.ExitCode == 130, $"exit code {outcome.ExitCode}: {outcome.Error}");
            Assert.Contains("the same command goes on from here", outcome.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", outcome.Error, StringComparison.Ordinal);
        }

        SweepOutcome resumed = await SweepProcess.RunAsync(scratch.Path, "run", "tiny.yaml");
        Assert.True(resumed.ExitCode == 0, resumed.Error);
    }

    /// <summary>An embedded silo is nobody's but its process's; what another process asks of its sweep it finds in the store.</summary>
    [Fact]
    public async Task Run_WhileItWorks_ListensOnNothingAndHearsWhatIsAskedOfTheStore()
    {
        using var scratch = new Scratch();
        scratch.Write("tiny.yaml", TinySpec.Longer);
        using SweepProcess run = SweepProcess.Start(scratch.Path, "run", "tiny.yaml", "--slots", "1");
        await OnceSomethingCompletedAsync(scratch.Path, Path.Combine("runs", "tiny"), run, () => { });

        Assert.Empty(ListeningSockets.Of(run.Id));
        string socket = Path.Combine(scratch.Path, "runs", "tiny", "live.sock");
        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(socket) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
        SweepOutcome live = await SweepProcess.RunAsync(scratch.Path, "status", "--live", "--json");
        Assert.True(live.ExitCode == 0, live.Error);
        Assert.InRange(JsonNode.Parse(live.Output)!["live"]!["completed"]!.GetValue<int>(), 1, 39);
        Assert.Equal(0, (await SweepProcess.RunAsync(scratch.Path, "pause")).ExitCode);

        SweepOutcome paused = await run.EndAsync();
        Assert.True(paused.ExitCode == 1, $"exit code {paused.ExitCode}: {paused.Error}");
        Assert.Contains("paused: ", paused.Error, StringComparison.Ordinal);
        JsonNode sweep = JsonNode.Parse((await SweepProcess.RunAsync(scratch.Path, "status", "--json")).Output)!["sweep"]!;
        Assert.InRange(sweep["completed"]!.GetValue<int>(), 1, 39);

        SweepOutcome alone = await SweepProcess.RunAsync(scratch.Path, "status", "--live");
        Assert.Equal(3, alone.ExitCode);
        Assert.Contains("go on with: sweep run SPEC", alone.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WhenNoSocketCanBeMadeInItsFolder_RunsAllTheSame()
    {
        using var scratch = new Scratch();
        scratch.Write("tiny.yaml", TinySpec.Quick);
        scratch.Write("runs/tiny/live.sock/in-its-place", "");

        SweepOutcome run = await SweepProcess.RunAsync(scratch.Path, "run", "tiny.yaml");

        Assert.True(run.ExitCode == 0, run.Error);
        Assert.True(File.Exists(Path.Combine(scratch.Path, "runs", "tiny", "live.sock", "in-its-place")));
    }

    /// <summary>The control of what listens on nothing.</summary>
    [Fact]
    public void ListeningSockets_OfAProcessThatListens_HaveItsPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        Assert.Contains(((IPEndPoint)listener.LocalEndpoint).Port, ListeningSockets.Of(Environment.ProcessId));
    }

    [Fact]
    public async Task Run_WhenTheSpecIsBad_SaysEveryErrorAndWritesNothing()
    {
        using var scratch = new Scratch();
        scratch.Write("bad.yaml", TinySpec.Quick.Replace("width: [8, 16]", "width: [8, -16]", StringComparison.Ordinal)
            .Replace("vp-linear", "vp-liner", StringComparison.Ordinal));

        SweepOutcome outcome = await SweepProcess.RunAsync(scratch.Path, "run", "bad.yaml");

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains("bad.yaml:6:", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("vp-liner", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("vp-linear", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("bad.yaml:7:", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("-16", outcome.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(scratch.Path, "runs")));
    }

    [Fact]
    public async Task Run_WhenTheSpecChanged_RefusesWithTheDifference()
    {
        using var scratch = new Scratch();
        scratch.Write("tiny.yaml", TinySpec.Quick);
        Assert.Equal(0, (await SweepProcess.RunAsync(scratch.Path, "run", "tiny.yaml")).ExitCode);
        scratch.Write("tiny.yaml", TinySpec.Quick.Replace("steps: 200", "steps: 300", StringComparison.Ordinal));

        SweepOutcome outcome = await SweepProcess.RunAsync(scratch.Path, "run", "tiny.yaml");

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains("training.steps: 200 → 300", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WhenFailuresMustRepeat_TriesEachTrialOnceAndGroupsTheirLines()
    {
        using var scratch = new Scratch();
        scratch.Write("bad.csv", "x,batch_no\n" + string.Concat(Enumerable.Range(0, 60).Select(i => $"{i % 7}.{i},42\n")));
        scratch.Write("bad.yaml", TinySpec.Quick.Replace("{kind: gmm-ring, name: ring8}",
            "{kind: gmm-ring, name: ring8}, {kind: file, name: bad, path: bad.csv}", StringComparison.Ordinal));

        SweepOutcome outcome = await SweepProcess.RunAsync(scratch.Path, "run", "bad.yaml");

        Assert.True(outcome.ExitCode == 1, outcome.Error);
        JsonNode trials = JsonNode.Parse((await SweepProcess.RunAsync(scratch.Path, "trials", "tiny", "--state", "failed", "--json")).Output)!;
        Assert.Equal(8, trials.AsArray().Count);
        Assert.All(trials.AsArray(), t => Assert.Equal(1, t!["attempts"]!.GetValue<int>()));
        string[] lines = [.. outcome.Error.Split('\n').Where(l => l.StartsWith("Failed", StringComparison.Ordinal))];
        Assert.InRange(lines.Length, 2, 4); // a first and a last one for each preprocessing
        Assert.True(File.Exists(Path.Combine(scratch.Path, "runs", "tiny", "report", "report.json")));
    }

    [Fact]
    public async Task Run_WhenTooFewFilesMayBeOpen_Exits3()
    {
        using var scratch = new Scratch();
        scratch.Write("tiny.yaml", TinySpec.Quick);
        using SweepProcess process = SweepProcess.StartUnder(["bash", "-c", "ulimit -n 60; exec \"$0\" \"$@\""], scratch.Path, "run", "tiny.yaml");

        SweepOutcome outcome = await process.EndAsync();

        Assert.True(outcome.ExitCode == 3, outcome.Error);
        Assert.StartsWith("sweep: too few file descriptors: 60", outcome.Error, StringComparison.Ordinal);
    }

    /// <summary>Root has no such limit, so that nobody runs it.</summary>
    [Fact]
    public async Task Run_WhenTooFewProcessesMayRun_Exits3()
    {
        string[] nobody = Environment.IsPrivilegedProcess ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] : [];
        string[] limited = [.. nobody, "bash", "-c", "[ -x \"$0\" ] || exit 77; ulimit -u 20; exec \"$0\" \"$@\""];
        using SweepProcess process = SweepProcess.StartUnder(limited, "/", "run", "tiny.yaml");

        SweepOutcome outcome = await process.EndAsync();

        Assert.SkipWhen(outcome.ExitCode == 77, "the repository is not everybody's to read");
        Assert.Equal((3, "sweep: too few processes: 20 (ulimit -u); allowed: 32 or more beside what else you run\n"), (outcome.ExitCode, outcome.Error));
    }

    [Fact]
    public async Task Run_WhenTheStoreIsNotOurs_Exits3()
    {
        using var scratch = new Scratch();
        scratch.Write("tiny.yaml", TinySpec.Quick);
        scratch.Write("runs/tiny/sweep.db", "this is no database, whatever its name says");

        SweepOutcome outcome = await SweepProcess.RunAsync(scratch.Path, "run", "tiny.yaml");

        Assert.Equal(3, outcome.ExitCode);
        Assert.DoesNotContain("   at ", outcome.Error, StringComparison.Ordinal);
    }

    /// <summary>Acts at once, from a thread of its own: one of the pool may come when the run has ended.</summary>
    private static Task OnceSomethingCompletedAsync(string directory, string run, SweepProcess process, Action act) => Task.Factory.StartNew(
        () =>
        {
            // Samples are written before the result is committed: with two slots, the third trial's say that the first is committed.
            const int Trials = 3;
            string artifacts = Path.Combine(directory, run, "artifacts");
            long began = TimeProvider.System.GetTimestamp();
            while (!Directory.Exists(artifacts) || Directory.GetFiles(artifacts, "samples.npy", SearchOption.AllDirectories).Length < Trials)
            {
                Assert.False(process.EndsWithin(TimeSpan.FromMilliseconds(20)), "the run ended before it could be interrupted");
                Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromMinutes(2), "nothing is completed after two minutes");
            }

            act();
        },
        CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
