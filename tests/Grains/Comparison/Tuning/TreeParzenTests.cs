using Sweep.Bench.Tuning;
using Sweep.Diffusion.Numerics;
using Sweep.Grains.Comparison.Tuning;
using Xunit;

namespace Sweep.Tests.Grains.Comparison.Tuning;

/// <summary>The estimator on functions whose minimum is known: bench/tuning has them beside random points and Optuna.</summary>
public sealed class TreeParzenTests
{
    private const int Seeds = 40, Trials = 100;

    /// <summary>It finds what random points don't, in declared batches too.</summary>
    [Theory]
    [InlineData("branin", 1)]
    [InlineData("branin", 5)]
    [InlineData("hartmann6", 1)]
    [InlineData("hartmann6", 5)]
    public void Suggest_OfAKnownFunction_BeatsRandomPointsClearly(string name, int batch)
    {
        TestFunction function = TestFunction.Named(name);
        double[] parzen = [.. Enumerable.Range(0, Seeds).Select(s => function.Regret(Trials, batch, (ulong)s))];
        double[] random = [.. Enumerable.Range(0, Seeds).Select(s => function.RandomRegret(Trials, (ulong)s))];

        int wins = parzen.Zip(random).Count(p => p.First < p.Second);
        Assert.True(Median(parzen) < 0.5 * Median(random) && wins >= 27, $"median regret {Median(parzen):g3} against {Median(random):g3}, {wins} wins");
    }

    [Fact]
    public void Suggest_OfTheSameTrials_IsTheSame()
    {
        ParzenDimension[] space = [new(0), new(3)];
        ParzenTrial[] tried = [.. Enumerable.Range(0, 30).Select(i => new ParzenTrial([i / 30.0, i % 3], Math.Abs((i / 30.0) - 0.7) + (i % 3)))];
        double[][] Draw(uint step)
        {
            PhiloxStream stream = new(1, NoisePurpose.TuningPoints, step);
            return [.. TreeParzen.Suggest(space, tried, ref stream)];
        }

        Assert.Equal(Draw(0), Draw(0));
        Assert.NotEqual(Draw(0)[0], Draw(1)[0]);
        Assert.All(Draw(0), p => Assert.True(p[0] is >= 0 and <= 1 && p[1] is 0 or 1 or 2));

        // Near what did well.
        Assert.Equal(0, Draw(0)[0][1]);
        Assert.InRange(Draw(0)[0][0], 0.4, 1);
    }

    /// <summary>A trial without a loss repels, as what is under way does: a batch isn't one point over and over.</summary>
    [Fact]
    public void Suggest_BesideTrialsWithoutALoss_KeepsAwayFromThem()
    {
        ParzenDimension[] space = [new(0)];
        List<ParzenTrial> tried = [.. Enumerable.Range(0, 20).Select(i => new ParzenTrial([(i + 0.5) / 20], Math.Abs(((i + 0.5) / 20) - 0.5)))];
        List<double> batch = [];
        for (uint i = 0; i < 8; i++)
        {
            PhiloxStream stream = new(3, NoisePurpose.TuningPoints, i);
            double[] next = TreeParzen.Suggest(space, tried, ref stream)[0];
            batch.Add(next[0]);
            tried.Add(new ParzenTrial(next, i % 2 == 0 ? null : double.NaN));
        }

        Assert.Equal(8, batch.Distinct().Count());
        Assert.True(batch.Max() - batch.Min() > 0.1, string.Join(' ', batch));
    }

    [Fact]
    public void Suggest_OfNothing_DrawsFromEverything()
    {
        ParzenDimension[] space = [new(0), new(4)];
        List<double[]> drawn = [];
        for (uint i = 0; i < 200; i++)
        {
            PhiloxStream stream = new(5, NoisePurpose.TuningPoints, i);
            drawn.Add(TreeParzen.Suggest(space, [], ref stream)[0]);
        }

        Assert.InRange(drawn.Average(p => p[0]), 0.42, 0.58);
        Assert.Equal([0, 1, 2, 3], drawn.Select(p => (int)p[1]).Distinct().Order());
    }

    private static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);
}
