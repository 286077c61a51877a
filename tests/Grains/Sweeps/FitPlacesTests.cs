using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;
using Sweep.Grains.Sweeps;
using Sweep.Grains.Trials;
using Sweep.Tests.Orleans;
using Xunit;

namespace Sweep.Tests.Grains.Sweeps;

public sealed class FitPlacesTests
{
    private static readonly SweepSpec Spec = ClusterSpec.Spec();
    private readonly FitPlaces _places = new(new FitClasses(Spec));

    [Fact]
    public void Of_OverAWholeSweep_SplitsTrialsAsTheirFitsDo()
    {
        var classes = new FitClasses(Spec);
        (long Class, string Fit)[] both = [.. ClusterSpec.Trials(Spec).Select((t, i) => (classes.Of(i), TrialIdentity.Fit(t))).Distinct()];
        Assert.Equal(both.Length, both.Select(b => b.Class).Distinct().Count());
        Assert.Equal(both.Length, both.Select(b => b.Fit).Distinct().Count());
        Assert.Equal(2 * 3 * 2 * 3, both.Length);
    }

    [Fact]
    public void Nearest_WhenTheSiloHasOneOfTheFits_TakesThatFirstAndThenWhatNobodyHas()
    {
        // Widths share a fit: ordinals 0 and 6 are one seed at two widths (training.points, then seeds, count faster).
        _places.Note(silo: 1, ordinal: 2);
        _places.Note(silo: 2, ordinal: 0);
        List<SweepTrial> trials = [.. new[] { 0, 1, 2, 8 }.Select(o => Trial(o))];
        Assert.Equal([2, 8, 1], _places.Nearest(1, trials, 3).Select(t => (int)t.Ordinal));
        Assert.Equal([0, 1], _places.Nearest(2, trials, 2).Select(t => (int)t.Ordinal));
        Assert.Equal([1, 0, 2, 8], _places.Nearest(3, trials, 9).Select(t => (int)t.Ordinal));
    }

    [Fact]
    public void Note_WhenASiloHasHadMoreThanItKeeps_ForgetsTheOldest()
    {
        for (int ordinal = 0; ordinal < 3; ordinal++)
            _places.Note(1, ordinal);
        for (int group = 1; group <= 5; group++)
        {
            for (int seed = 0; seed < 3; seed++)
                _places.Note(1, (group * 12) + seed);
        }

        List<SweepTrial> trials = [Trial(3), Trial(0), Trial(2)];
        Assert.Equal(2, Assert.Single(_places.Nearest(1, trials, 1)).Ordinal);
    }

    [Fact]
    public void Best_WhenSeveralCostAboutTheSame_PrefersTheSilosFit()
    {
        SweepQueue queue = new(1, new CoordinatorOptions(), _places);
        queue.Fill(new[] { Trial(0), Trial(6), Trial(12, cost: 2), Trial(18, cost: 0.5) }.Select(t => (t, new TrialState())));
        Assert.Equal([12], Take(queue, 1));
        Assert.Equal([0], Take(queue, 2));
        Assert.Equal([6], Take(queue, 2));
        Assert.Equal([18], Take(queue, 1));
    }

    private static int[] Take(SweepQueue queue, long silo)
    {
        List<SweepTrial> best = queue.Best(new SiloRequest(silo, 1));
        best.ForEach(t => queue.Lease(t, silo, 1));
        return [.. best.Select(t => (int)t.Ordinal)];
    }

    private static SweepTrial Trial(int ordinal, double cost = 1) => new(ordinal, $"t{ordinal}", ordinal, cost, 0);
}
