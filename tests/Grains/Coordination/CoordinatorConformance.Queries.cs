using System.Text.Json.Nodes;
using Sweep.Grains.Coordination;
using Xunit;

namespace Sweep.Tests.Grains.Coordination;

public abstract partial class CoordinatorConformance
{
    [Fact]
    public async Task FinishedAsync_SaysWhichTrialsNobodyGoesOnWith()
    {
        await Submit(4);
        Lease[] leases = await LeaseMany(3);
        await Complete(leases[0]);
        await Coordinator.FailAsync(leases[1], new AttemptFailure(AttemptOutcome.Failed, "NaN") { MustRepeat = true }, None);
        string[] all = [.. Enumerable.Range(0, 5).Select(i => Samples.Trial(i).Id)];
        Assert.Equal([leases[0].Trial.Id], await Reader.FinishedAsync(all, None));

        await Coordinator.CancelAsync(_sweep.Id, None);
        Assert.Equal(new[] { all[0], all[3] }.Order(StringComparer.Ordinal), await Reader.FinishedAsync(all, None));
        Assert.Empty(await Reader.FinishedAsync([], None));
    }

    [Fact]
    public async Task TrialsAsync_WhenFilteredSortedAndPaged_GivesThose()
    {
        await Coordinator.SubmitAsync(_sweep, Enumerable.Range(0, 12).Select(i => new PlannedTrial(WithAxes(i), 1 + (i % 5))), None);
        foreach (Lease lease in await LeaseMany(9))
            await Coordinator.CompleteAsync(lease, Samples.Result(Math.Sin(lease.Trial.Seed)), None);

        Assert.Equal([0L, 3, 6, 9], await SeedsAsync(new TrialQuery { Where = Where("width", 8) }));
        Assert.Equal([2L, 5, 8, 11], await SeedsAsync(new TrialQuery { Where = Where("training.learning_rate", 0.5) }));
        Assert.Equal([1L, 4, 7, 10], await SeedsAsync(new TrialQuery { Where = Where("dataset", "a \"ring\"") }));
        Assert.Equal([4L], await SeedsAsync(new TrialQuery { Where = Where("seed", 4) }));
        Assert.Equal(
            [4L],
            await SeedsAsync(new TrialQuery { Where = new Dictionary<string, JsonNode>(StringComparer.Ordinal) { ["dataset"] = "a \"ring\"", ["seed"] = 4 } }));
        Assert.Empty(await SeedsAsync(new TrialQuery { Where = Where("no such axis", 4) }));
        Assert.Equal([4L, 9, 3], await SeedsAsync(new TrialQuery { SortBy = "cost", Descending = true, Take = 3 }));
        Assert.Equal([11L, 10], await SeedsAsync(new TrialQuery { Descending = true, Take = 2 }));
        Assert.Equal([10L, 5], await SeedsAsync(new TrialQuery { State = TrialStatus.Queued, Descending = true, Take = 2 }));

        Assert.Equal([2L, 7, 11], await SeedsAsync(new TrialQuery { Ordinals = [11, 2, 7] }));
        Assert.Empty(await SeedsAsync(new TrialQuery { Ordinals = [] }));

        // Those without the metric come last, whichever way.
        long[] completed = [.. Enumerable.Range(0, 12).Where(i => i is not (0 or 5 or 10)).Select(i => (long)i)];
        Assert.Equal(completed.OrderBy(seed => Math.Sin(seed)).Concat([0, 5, 10]), await SeedsAsync(new TrialQuery { SortBy = "log_likelihood" }));
        Assert.Equal(
            completed.OrderByDescending(seed => Math.Sin(seed)).Skip(2).Take(3),
            await SeedsAsync(new TrialQuery { SortBy = "log_likelihood", Descending = true, Skip = 2, Take = 3 }));
        Assert.Equal(
            [5L], await SeedsAsync(new TrialQuery { SortBy = "'; DROP TABLE trials; --", State = TrialStatus.Queued, Skip = 1, Take = 1 }));
    }

    [Fact]
    public async Task CausesAsync_WhenAttemptsEndedInTrouble_CountsThemByCause()
    {
        await Submit(5);
        await Complete(await LeaseOne());
        await Fail(await LeaseOne());
        await Fail(await LeaseOne(), AttemptOutcome.OutOfMemory);
        await Fail(await LeaseOne(), AttemptOutcome.OutOfMemory);
        await Coordinator.ReleaseAsync(await LeaseOne(), AttemptOutcome.Preempted, None);
        await LeaseOne();
        Store.Advance(Past);
        await LeaseMany(0);

        Assert.Equal(
            new Dictionary<AttemptOutcome, int>
            {
                [AttemptOutcome.Failed] = 1, [AttemptOutcome.Lost] = 1, [AttemptOutcome.OutOfMemory] = 2, [AttemptOutcome.Preempted] = 1,
            },
            await Reader.CausesAsync(_sweep.Id, None));
    }

    [Fact]
    public async Task StoreFileAsync_WhenRepeated_KeepsTheFile()
    {
        byte[] content = [.. Enumerable.Range(0, 100_000).Select(i => (byte)(i * 7))];
        Assert.Null(await Reader.FileAsync("aa", None));
        await Coordinator.StoreFileAsync("aa", content, None);
        await Coordinator.StoreFileAsync("aa", content, None);
        Assert.Equal(content, await Reader.FileAsync("aa", None));
    }

    [Fact]
    public async Task LeaseAsync_WhenTheSiloSaysWhatItIs_ShowsItUntilItSaysOtherwise()
    {
        await Submit(1);
        SiloFacts facts = new("cuda:0 (NVIDIA H200)", 64, Abilities.Torch) { Artifacts = "node7:/scratch/artifacts" };
        await Coordinator.LeaseAsync(new LeaseRequest("a", 0), None);
        await Coordinator.LeaseAsync(new LeaseRequest("a", 1) { About = facts with { Slots = 8, Artifacts = null } }, None);
        await Coordinator.LeaseAsync(new LeaseRequest("a", 1) { About = facts }, None);
        await Coordinator.LeaseAsync(new LeaseRequest("a", 1), None);

        SiloSummary silo = Assert.Single(await Reader.SilosAsync(None));
        Assert.Equal(facts, new SiloFacts(silo.Devices!, silo.Slots!.Value, silo.Offers) { Artifacts = silo.Artifacts });
        Assert.Equal("node7:/scratch/artifacts", Assert.Single((await Detail(0)).Attempts).Artifacts);
    }

    private static Dictionary<string, JsonNode> Where(string axis, JsonNode value) => new(StringComparer.Ordinal) { [axis] = value };

    private static Sweep.Grains.Specs.TrialSpec WithAxes(int number) => Samples.Trial(number) with
    {
        Axes = (number % 3) switch
        {
            0 => new JsonObject { ["width"] = 8 },
            1 => new JsonObject { ["dataset"] = "a \"ring\"", ["width"] = 16 },
            _ => new JsonObject { ["training.learning_rate"] = 0.5 },
        },
    };

    private async Task<IEnumerable<long>> SeedsAsync(TrialQuery query) =>
        (await Reader.TrialsAsync(_sweep.Id, query, None)).Select(trial => trial.Trial.Seed);
}
