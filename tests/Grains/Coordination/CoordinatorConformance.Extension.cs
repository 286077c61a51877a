using System.Text.Json.Nodes;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;
using Xunit;

namespace Sweep.Tests.Grains.Coordination;

/// <summary>A spec that has all trials of the sweep of its name extends it; another one is refused, and changes nothing.</summary>
public abstract partial class CoordinatorConformance
{
    [Theory]
    [InlineData("3", "[8, 16]")]
    [InlineData("2", "[4, 8, 16]")]
    [InlineData("[1, 7, 0]", "[16, 8, 4]")]
    public async Task SubmitAsync_WhenSeedsOrValuesAreAdded_KeepsWhatIsThereAndQueuesTheRest(string seeds, string widths)
    {
        (SweepSpec small, TrialSpec[] before) = Samples.Real();
        await SubmitReal(small, before);
        Lease[] leases = await LeaseMany(3);
        foreach (Lease lease in leases)
            await Coordinator.CompleteAsync(lease, Samples.Result(-lease.Trial.Seed - lease.Trial.Network.Width), None);

        (SweepSpec large, TrialSpec[] after) = Samples.Real(seeds: seeds, widths: widths);
        SubmitAnswer answer = await SubmitReal(large, after);

        Assert.Equal(new SubmitAnswer(large.Id, after.Length - before.Length, before.Length), answer);
        Assert.Null(await Reader.FindAsync(small.Id, None));
        SweepSummary sweep = Assert.Single(await Reader.ListAsync(None));
        Assert.Equal((large.Id, after.Length, after.Length - 3, 3), (sweep.Id, sweep.Total, sweep.Queued, sweep.Completed));
        Assert.Equal((after.Length, 3.0), (sweep.CostTotal, sweep.CostCompleted));
        Assert.Equal(large.Resolved.ToJsonString(), Without("extended", (await Reader.SpecAsync(large.Id, None)).ResolvedJson));
        IReadOnlyList<TrialSummary> stored = await Reader.TrialsAsync(large.Id, null, 0, 99, None);
        Assert.Equal(after.Select(TrialSpecJson.Write), stored.Select(t => TrialSpecJson.Write(t.Trial)));
        Assert.Equal(
            leases.Select(l => (l.Trial.Id, (double?)(-l.Trial.Seed - l.Trial.Network.Width))).Order(),
            stored.Where(t => t.State == TrialStatus.Completed).Select(t => (t.Trial.Id, t.Metrics!["log_likelihood"].Value)).Order());

        // The same once more adds nothing; what is new is leased, and reports go to the sweep under its new id.
        Assert.Equal(0, (await SubmitReal(large, after)).Added);
        foreach (Lease lease in await LeaseMany(99))
            Assert.Equal((large.Id, ReportAnswer.Accepted), (lease.SweepId, await Complete(lease)));
        Assert.Equal(after.Length, (await Reader.FindAsync(large.Id, None))!.Completed);
    }

    [Theory]
    [InlineData("sobol")]
    [InlineData("random")]
    public async Task SubmitAsync_WhenASearchGetsMoreGroups_QueuesOnlyTheNewOnes(string method)
    {
        (SweepSpec small, TrialSpec[] before) = Samples.Real(widths: "{from: 4, to: 400, scale: log}", more: $"search: {{method: {method}, groups: 3}}\n");
        await SubmitReal(small, before);
        foreach (Lease lease in await LeaseMany(2))
            await Complete(lease);

        (SweepSpec large, TrialSpec[] after) = Samples.Real(widths: "{from: 4, to: 400, scale: log}", more: $"search: {{method: {method}, groups: 7}}\n");
        Assert.Equal(new SubmitAnswer(large.Id, 8, 6), await SubmitReal(large, after));

        Assert.Equal((14, 2, 12), await Reader.FindAsync(large.Id, None) is { } now ? (now.Total, now.Completed, now.Queued) : default);
        Assert.Equal(after.Select(TrialSpecJson.Write), (await Reader.TrialsAsync(large.Id, null, 0, 99, None)).Select(t => TrialSpecJson.Write(t.Trial)));
        SpecChangedException refused = await Assert.ThrowsAsync<SpecChangedException>(() => SubmitReal(small, before));
        Assert.Contains("search.groups: 7 → 3", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>A search's groups have no digits on the axes: what is asked for goes by each group's own place.</summary>
    [Fact]
    public async Task TrialsAsync_WhenPlacesOfASearchAreAskedFor_HasThoseThere()
    {
        (SweepSpec spec, TrialSpec[] trials) = Samples.Real(widths: "{from: 4, to: 400, scale: log}", more: "search: {groups: 9}\n");
        await SubmitReal(spec, trials);
        for (int value = 0; value < 3; value++)
        {
            OrdinalDigit digit = new(spec.Seeds.Count, 2, value) { ByGroup = [.. spec.Places.All().Select(p => p[1])] };
            IReadOnlyList<TrialSummary> found = await Reader.TrialsAsync(spec.Id, new TrialQuery { Places = [digit] }, None);
            string[] wanted = [.. trials.Where((_, i) => digit.Of(i) == value).Select(t => t.Id)];
            Assert.Equal(wanted, found.Select(t => t.Trial.Id));
            Assert.Equal(value < 2, wanted.Length > 0);
        }
    }

    [Fact]
    public async Task SubmitAsync_WhenALabelChanged_RunsNothingAgain()
    {
        (SweepSpec ring, TrialSpec[] before) = Samples.Real();
        await SubmitReal(ring, before);
        foreach (Lease lease in await LeaseMany(99))
            await Complete(lease);

        (SweepSpec circle, TrialSpec[] after) = Samples.Real(dataset: "circle", preprocessing: "[none, {kind: standardize, name: std}]");

        Assert.Equal(new SubmitAnswer(circle.Id, 0, before.Length), await SubmitReal(circle, after));
        Assert.Equal(before.Length, (await Reader.FindAsync("real", None))!.Completed);
        Assert.All(await Reader.TrialsAsync(circle.Id, null, 0, 99, None), t => Assert.Equal("circle", (string?)t.Trial.Axes["dataset"]));
    }

    [Fact]
    public async Task SubmitAsync_WhenExtendedWithResultsThere_RemembersTheLookThroughAllThatFollows()
    {
        (SweepSpec small, TrialSpec[] two) = Samples.Real();
        await SubmitReal(small, two);

        // Nothing was there to be seen.
        (SweepSpec large, TrialSpec[] three) = Samples.Real(seeds: "3");
        await SubmitReal(large, three);
        Assert.Empty((await Stored(large)).Looks);

        foreach (Lease lease in await LeaseMany(5))
            await Complete(lease);
        (SweepSpec wider, TrialSpec[] wide) = Samples.Real(seeds: "3", widths: "[4, 8, 16]");
        await SubmitReal(wider, wide);

        SweepLook look = Assert.Single((await Stored(wider)).Looks);
        Assert.Equal((5, 12), (look.Completed, look.Total));
        Assert.Equal([0L, 1, 2], look.Seeds);
        Assert.Equal(["8", "16"], look.Values["width"]);
        Assert.Equal(three.Select(t => t.Id).Order(), wide.Where(look.Has).Select(t => t.Id).Order());

        // The same once more, a name for a data set, and trials joining before another result: none is a look.
        await SubmitReal(wider, wide);
        (SweepSpec renamed, TrialSpec[] named) = Samples.Real(seeds: "3", widths: "[4, 8, 16]", dataset: "circle");
        await SubmitReal(renamed, named);
        (SweepSpec more, TrialSpec[] all) = Samples.Real(seeds: "4", widths: "[4, 8, 16]", dataset: "circle");
        await SubmitReal(more, all);
        look = Assert.Single((await Stored(more)).Looks);
        Assert.Equal((5, 12), (look.Completed, look.Total));
        Assert.Equal(["circle"], look.Values["dataset"]);
        Assert.Equal(three.Select(t => t.Id).Order(), all.Where(look.Has).Select(t => t.Id).Order());

        foreach (Lease lease in await LeaseMany(99))
            await Complete(lease);
        (SweepSpec last, TrialSpec[] end) = Samples.Real(seeds: "5", widths: "[4, 8, 16]", dataset: "circle");
        await SubmitReal(last, end);
        Assert.Equal([(5L, 12L), (24L, 24L)], (await Stored(last)).Looks.Select(l => (l.Completed, l.Total)));
        Assert.Equal(last.Id, (await Stored(last)).Id);
    }

    private async Task<SweepSpec> Stored(SweepSpec sweep)
    {
        (string resolved, string source) = await Reader.SpecAsync(sweep.Id, None);
        return SweepSpecJson.Restore(resolved, source);
    }

    private static string Without(string key, string resolved)
    {
        JsonObject json = JsonNode.Parse(resolved)!.AsObject();
        Assert.True(json.Remove(key));
        return json.ToJsonString();
    }

    /// <summary>A front is shown, not judged: asking for one is no other question.</summary>
    [Fact]
    public async Task SubmitAsync_WhenAFrontIsAskedFor_RunsNothingAndKeepsIt()
    {
        (SweepSpec before, TrialSpec[] trials) = Samples.Real(more: $"compare: {{axis: {Question}}}\n");
        await SubmitReal(before, trials);
        (SweepSpec after, TrialSpec[] same) = Samples.Real(more: $"compare: {{axis: {Question}, pareto: [log_likelihood, sample_seconds]}}\n");

        Assert.Equal(new SubmitAnswer(after.Id, 0, trials.Length), await SubmitReal(after, same));
        Assert.Equal(["log_likelihood", "sample_seconds"], (await Stored(after)).Compare.Pareto);
    }

    [Fact]
    public async Task ContinueAsync_WhenTheSweepHasAnotherName_TakesItsPlace()
    {
        (SweepSpec old, TrialSpec[] before) = Samples.Real("old");
        await SubmitReal(old, before);
        await Complete(await LeaseOne());

        (SweepSpec renamed, TrialSpec[] after) = Samples.Real("new", seeds: "3");
        SubmitAnswer answer = await Coordinator.ContinueAsync(old.Id, renamed, after.Select(t => new PlannedTrial(t, 1)), None);

        Assert.Equal(new SubmitAnswer(renamed.Id, 4, 8), answer);
        SweepSummary sweep = Assert.Single(await Reader.ListAsync(None));
        Assert.Equal(("new", 1, 11), (sweep.Name, sweep.Completed, sweep.Queued));
    }

    [Fact]
    public async Task SubmitAsync_WhenItWouldExtendWhatRuns_IsRefusedUntilNothingDoes()
    {
        (SweepSpec small, TrialSpec[] before) = Samples.Real();
        (SweepSpec large, TrialSpec[] after) = Samples.Real(seeds: "3");
        await SubmitReal(small, before);
        Lease lease = await LeaseOne();

        SpecChangedException e = await Assert.ThrowsAsync<SpecChangedException>(() => SubmitReal(large, after));

        Assert.Contains("sweep pause", e.Message, StringComparison.Ordinal);
        Assert.Equal(before.Length, Assert.Single(await Reader.ListAsync(None)).Total);
        Assert.Equal(ReportAnswer.Accepted, await Complete(lease));
        Assert.Equal(4, (await SubmitReal(large, after)).Added);
    }

    [Theory]
    [InlineData("1", "[8, 16]", "", Question, "4 of its 8 trials are not among these", "seeds: [0, 1] → [0]")]
    [InlineData("3", "[8, 32]", "", Question, "4 of its 8 trials are not among these", "axes.width: [8, 16] → [8, 32]")]
    [InlineData("3", "[8, 16]", "training: {steps: 7}\n", Question, "none of its trials is among these", "training.steps: 4000 → 7")]
    [InlineData("3", "[8, 16]", "", "preprocessing, baseline: none, metric: energy_distance", "it compares otherwise",
        "compare.metric: log_likelihood → energy_distance")]
    [InlineData("3", "[8, 16]", "", "preprocessing, baseline: standardize", "it compares otherwise", "compare.baseline: none → standardize")]
    public async Task SubmitAsync_WhenItTakesATrialAwayOrComparesOtherwise_IsRefusedWithTheDifference(
        string seeds, string widths, string more, string compare, string why, string difference)
    {
        (SweepSpec old, TrialSpec[] before) = Samples.Real(more: $"compare: {{axis: {Question}}}\n");
        await SubmitReal(old, before);
        await Complete(await LeaseOne());
        (SweepSpec changed, TrialSpec[] after) = Samples.Real(seeds: seeds, widths: widths, more: $"compare: {{axis: {compare}}}\n{more}");

        SpecChangedException e = await Assert.ThrowsAsync<SpecChangedException>(() => SubmitReal(changed, after));

        Assert.Contains(why, e.Message, StringComparison.Ordinal);
        Assert.Contains(difference, e.Message, StringComparison.Ordinal);
        SweepSummary sweep = Assert.Single(await Reader.ListAsync(None));
        Assert.Equal((old.Id, 8, 1), (sweep.Id, sweep.Total, sweep.Completed));
        Assert.Equal(before.Select(t => t.Id), (await Reader.TrialsAsync(old.Id, null, 0, 99, None)).Select(t => t.Trial.Id));
    }

    private const string Question = "preprocessing, baseline: none";

    private Task<SubmitAnswer> SubmitReal(SweepSpec sweep, TrialSpec[] trials) =>
        Coordinator.SubmitAsync(sweep, trials.Select(t => new PlannedTrial(t, 1)), None);
}
