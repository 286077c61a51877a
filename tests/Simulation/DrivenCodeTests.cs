using System.Text.RegularExpressions;
using Sweep.Tests.Client;
using Xunit;

namespace Sweep.Tests.Simulation;

/// <summary>What the simulation drives stays on its thread, its clock and its seed: what would leave them is banned there by name.</summary>
public sealed partial class DrivenCodeTests
{
    private static readonly string[] Driven =
    [
        "grains/Orleans/Shells", "grains/Orleans/Transactions", "grains/Orleans/ClusterLeases.cs", "grains/Orleans/OrleansCoordinator.cs",
        "grains/Orleans/NewsWatch.cs", "grains/Orleans/News/NewsFollower.cs", "grains/Orleans/ReportGroups.cs", "grains/Orleans/DirectStore.cs",
        "grains/Sweeps", "grains/Trials", "grains/Storage/WorkSignal.cs", "grains/Coordination/Backoff.cs", "silo/SiloWorker.cs", "silo/SiloSlot.cs",
        "silo/SlotTurns.cs", "silo/LeasesAhead.cs", "silo/RunningAttempt.cs", "silo/Heartbeats.cs", "silo/Stalls",
    ];

    [Fact]
    public void Sources_OfDrivenCode_HaveNothingThatLeavesTheSimulation()
    {
        string[] files =
        [
            .. Driven.Select(d => Path.Combine(SweepProcess.RepositoryRoot, d))
                .SelectMany(p => File.Exists(p) ? [p] : Directory.GetFiles(p, "*.cs", SearchOption.AllDirectories)),
        ];
        Assert.True(files.Length > 30, $"{files.Length} files were read");
        Assert.Empty(files.SelectMany(f => Found(File.ReadAllText(f)).Select(found => $"{Path.GetRelativePath(SweepProcess.RepositoryRoot, f)}: {found}")));
    }

    [Theory]
    [InlineData("await x.ConfigureAwait(false);")]
    [InlineData("_ = Task.Run(LoopAsync);")]
    [InlineData("await Task.Delay(Again, cancellationToken);")]
    [InlineData("await Task.Delay(1000);")]
    [InlineData("Task.Factory.StartNew(Work);")]
    [InlineData("new Random(3)")]
    [InlineData("Random.Shared.Next()")]
    [InlineData("Guid.NewGuid()")]
    [InlineData("HashCode.Combine(a, b)")]
    [InlineData("RuntimeHelpers.GetHashCode(this)")]
    [InlineData("Stopwatch.GetTimestamp()")]
    [InlineData("source.CancelAfter(TimeSpan.Zero); new CancellationTokenSource(wait)")]
    public void Found_InALineThatLeavesIt_FindsIt(string line) => Assert.NotEmpty(Found(line));

    [Theory]
    [InlineData("await Task.Delay(Again, _time, _stop.Token);")]
    [InlineData("await Task.Delay(options.HeartbeatEvery * (2 + 1), time);")]
    [InlineData("using CancellationTokenSource giveUp = new(Timeout.InfiniteTimeSpan, time);")]
    [InlineData("new CancellationTokenSource(options.HeartbeatEvery * 3, time)")]
    [InlineData("new CancellationTokenSource()")]
    public void Found_InALineThatStays_FindsNothing(string line) => Assert.Empty(Found(line));

    /// <summary>What <c>tests/simulate --planted</c> plants is there to be planted.</summary>
    [Fact]
    public void Patches_OfPlantedFaults_FitTheSources()
    {
        string[] patches = Directory.GetFiles(Path.Combine(SweepProcess.RepositoryRoot, "tests/Simulation/planted"), "*.patch");
        Assert.True(patches.Length >= 3, $"{patches.Length} patches");
        foreach (string patch in patches)
        {
            string[] lines = File.ReadAllLines(patch);
            string file = lines.Single(l => l.StartsWith("--- a/", StringComparison.Ordinal))["--- a/".Length..];
            string before = string.Join('\n', lines.SkipWhile(l => !l.StartsWith("@@", StringComparison.Ordinal)).Skip(1)
                .Where(l => l.StartsWith(' ') || l.StartsWith('-')).Select(l => l[1..]));
            Assert.Contains(before, File.ReadAllText(Path.Combine(SweepProcess.RepositoryRoot, file)), StringComparison.Ordinal);
        }
    }

    private static IEnumerable<string> Found(string source) => Leaves().Matches(source).Select(m => m.Value);

    [GeneratedRegex(
        @"ConfigureAwait\(false\)|Task\.Run\(|StartNew\(|\bRandom\b|Guid\.NewGuid|HashCode|Stopwatch|Environment\.TickCount"
        + @"|(Task\.Delay|new CancellationTokenSource)\((?!\))(?!.*\b_?time\b)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Leaves();
}
