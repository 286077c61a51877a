using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;
using Xunit;

namespace Sweep.Tests.Grains.Coordination;

/// <summary>Trials of later looks of a race are held: nobody gets one, operators may cancel them, and the sweep isn't done.</summary>
public abstract partial class CoordinatorConformance
{
    [Fact]
    public async Task SubmitAsync_WhenItIsARace_HoldsTheLaterLooksSeeds()
    {
        SweepSpec race = await SubmitRace();

        Assert.Equal((8, 0, 8, 16), await Counts(race));
        Lease[] leases = await LeaseMany(99);
        Assert.Equal([0L, 1], leases.Select(l => l.Trial.Seed).Distinct().Order());
        Assert.Equal(8, leases.Length);
        Assert.Empty(await LeaseMany(99));
        IReadOnlyList<TrialSummary> held = await Reader.TrialsAsync(race.Id, TrialStatus.Held, 0, 99, None);
        Assert.Equal([2L, 3], held.Select(t => t.Trial.Seed).Distinct().Order());
    }

    [Fact]
    public async Task RetryAsync_WhenAWholeRaceWasCancelled_HoldsAgainWhatWasHeld()
    {
        SweepSpec race = await SubmitRace();

        Assert.Equal(16, await Coordinator.CancelAsync(race.Id, None));
        Assert.Equal((0, 16, 0, 16), await Counts(race));
        Assert.Equal(16, await Coordinator.RetryAsync(race.Id, null, None));
        Assert.Equal((8, 0, 8, 16), await Counts(race));
        Assert.Equal(8, (await LeaseMany(99)).Length);
    }

    [Fact]
    public async Task DeleteAsync_WhenTrialsAreHeld_TakesThemToo()
    {
        SweepSpec race = await SubmitRace();
        Assert.Equal(16, await Coordinator.DeleteAsync(race.Id, None));
        Assert.Empty(await Reader.ListAsync(None));
    }

    private async Task<SweepSpec> SubmitRace()
    {
        (SweepSpec spec, TrialSpec[] trials) = Samples.Real(seeds: "4");
        spec = spec with { Race = new RaceSpec { Looks = [2, 4] } };
        await SubmitReal(spec, trials);
        return spec;
    }

    private async Task<(int Queued, int Cancelled, int Held, double Cost)> Counts(SweepSpec sweep)
    {
        SweepSummary summary = (await Reader.FindAsync(sweep.Id, None))!;
        return (summary.Queued, summary.Cancelled, summary.Held, summary.CostTotal);
    }
}
