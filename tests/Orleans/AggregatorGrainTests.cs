using System.Text.Json;
using Orleans.Core.Internal;
using Sweep.Grains.Comparison.Report;
using Sweep.Grains.Coordination;
using Sweep.Grains.Orleans;
using Sweep.Grains.Orleans.Aggregation;
using Sweep.Grains.Orleans.Wire;
using Sweep.Grains.Specs;
using Sweep.Tests.Grains.Storage;
using Xunit;

namespace Sweep.Tests.Orleans;

public sealed class AggregatorGrainTests(PostgresServer server, OrleansCluster cluster) : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly SweepSpec Spec = ClusterSpec.Spec();

    private readonly Dictionary<string, int> _ordinals = ClusterSpec.Trials(Spec).Select((t, i) => (t.Id, i)).ToDictionary(t => t.Id, t => t.i);
    private OrleansTestStore _stores = null!;
    private OrleansCoordinator _coordinator = null!;

    private IAggregatorGrain Grain => cluster.Grains(0).GetGrain<IAggregatorGrain>(GrainKeys.Sweep(_stores.Schema, Spec.Id));

    public async ValueTask InitializeAsync()
    {
        _stores = new OrleansTestStore(server, cluster);
        _coordinator = (OrleansCoordinator)_stores.Connect();
        await _coordinator.SubmitAsync(Spec, ClusterSpec.Trials(Spec).Select(t => new PlannedTrial(t, 1)), None);
    }

    public async ValueTask DisposeAsync()
    {
        if (_stores is not null)
            await _stores.DisposeAsync();
    }

    [Fact]
    public async Task ComparisonsAsync_WhenLostAndPutTogetherAgain_SaysTheSameAsTheOneThatWasTold()
    {
        await WorkAsync(20);
        WireComparisons begun = await AskAsync();
        Assert.Equal((20, 20), (begun.Completed, begun.Read));

        // From here on it is told: no result is read twice, and none that it was told of is read at all.
        await WorkAsync(40);
        WireComparisons told = await UntilAsync(60);
        Assert.InRange(told.Read, 20, 59);

        WireGroup[] groups = await Grain.GroupsAsync(0, 100);
        await Grain.Cast<IGrainManagementExtension>().DeactivateOnIdle();
        WireComparisons again = await UntilAsync(60, fresh: true);
        Assert.Equal(60, again.Read);
        Assert.Equal(JsonSerializer.Serialize(told.Comparisons), JsonSerializer.Serialize(again.Comparisons));
        WireGroup[] readAgain = await Grain.GroupsAsync(0, 100);
        Assert.Equal(groups.Length, readAgain.Length);
        foreach ((WireGroup a, WireGroup b) in groups.Zip(readAgain))
        {
            Assert.Equal((a.Axes, a.Seeds, a.Headline.Count, a.Difference.Count), (b.Axes, b.Seeds, b.Headline.Count, b.Difference.Count));
            Assert.Equal(a.Headline.Mean!.Value, b.Headline.Mean!.Value, Tolerances.Rounding);
            Assert.Equal(a.Difference.Mean ?? 0, b.Difference.Mean ?? 0, Tolerances.Rounding);
            Assert.All(a.LogLikelihood.Zip(b.LogLikelihood), pair => Assert.Equal(pair.First, pair.Second, Tolerances.Rounding));
        }
    }

    [Fact]
    public async Task ComparisonsAsync_WhenAllIsDone_SaysWhatTheReportSays()
    {
        await WorkAsync(5);
        await AskAsync();
        await WorkAsync(100);
        WireComparisons live = await UntilAsync(72);
        ReportInput input = await ReportInput.ReadAsync(
            _coordinator, Spec, new ReportEnvironment { SweepVersion = "1", Dotnet = "10", Os = "os", Cpu = "cpu", Cores = 1, VectorWidth = 256 },
                DateTimeOffset.UnixEpoch, None);
        ReportDocument report = ReportBuilder.Build(input);
        Assert.Equal(report.Comparisons.Select(SweepAggregateTests.Words), live.Comparisons.Select(c => SweepAggregateTests.Words(c.ToSection())));
        Assert.Equal((report.Family.Test, report.Family.Comparisons), (live.Test, live.Adjusted));

        WireComparisons averaged = await Grain.ComparisonsAsync(new WireCompare { Metric = "log_likelihood", Averaged = true, MaxComparisons = 3 });
        Assert.Equal(3, averaged.Comparisons.Length);
        Assert.All(averaged.Comparisons, c => Assert.Equal(["width", "training.points"], c.AveragedOver));
    }

    [Fact]
    public async Task FollowAsync_WhileTrialsComplete_SaysMoreAndMoreUntilAllAreIn()
    {
        await WorkAsync(10);
        var streams = new LiveStreams(() => cluster.Grains(1), _stores.Schema, TimeProvider.System);
        List<int> completed = [];
        Task reading = Task.Run(async () =>
        {
            await foreach (
                WireComparisons now in streams.ComparisonsAsync(Spec.Id, new WireCompare { MaxComparisons = 3 }, TestContext.Current.CancellationToken))
            {
                completed.Add(now.Completed);
                Assert.InRange(now.AgeMilliseconds, 0, 60_000);
                if (now.Completed == 72)
                    break;
            }
        });
        await WorkAsync(30);
        await Grain.Cast<IGrainManagementExtension>().DeactivateOnIdle();
        await WorkAsync(100);
        await reading.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        Assert.True(completed.Count >= 2, "one answer is not a stream");
        Assert.Equal(completed.Order(), completed);
    }

    [Fact]
    public async Task ComparisonsAsync_WhenThereIsNoSuchSweep_SaysSo()
    {
        IAggregatorGrain grain = cluster.Grains(0).GetGrain<IAggregatorGrain>(GrainKeys.Sweep(_stores.Schema, "ffff"));
        EngineException refused = await Assert.ThrowsAsync<EngineException>(() => grain.ComparisonsAsync(new WireCompare { MaxComparisons = 1 }));
        Assert.Equal(EngineFault.Argument, refused.Fault);
    }

    private Task<WireComparisons> AskAsync() => Grain.ComparisonsAsync(new WireCompare { MaxComparisons = 1000 });

    /// <param name="fresh">Of an activation that was told nothing.</param>
    private async Task<WireComparisons> UntilAsync(int completed, bool fresh = false)
    {
        for (int tries = 0; ; tries++)
        {
            WireComparisons answer = await AskAsync();
            if (answer.Completed == completed && (!fresh || answer.Read == completed))
                return answer;
            Assert.True(tries < 500, $"no answer over {completed} trials within 10 s: {answer.Completed}, {answer.Read} read");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    private async Task WorkAsync(int most)
    {
        foreach (Lease lease in await _coordinator.LeaseAsync(new LeaseRequest("a", most), None))
            Assert.Equal(ReportAnswer.Accepted, await _coordinator.CompleteAsync(lease, ClusterSpec.Result(_ordinals[lease.Trial.Id]), None));
    }
}
