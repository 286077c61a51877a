using Sweep.Diffusion.Numerics;
using Sweep.Grains.Comparison.Statistics;
using Xunit;

namespace Sweep.Tests.Grains.Comparison.Statistics;

public sealed class PedAnovaTests
{
    /// <summary>An axis without effect has next to nothing, in sweep after sweep; the strong one nearly all, and shares sum to 1.</summary>
    [Fact]
    public void Of_WhenOneAxisMatters_GivesItTheShareAndTheOthersNextToNone()
    {
        double inert = 0, strong = 0;
        for (ulong seed = 0; seed < 20; seed++)
        {
            IReadOnlyList<PedEffect> effects = Effects(seed, (x, y, list) => -Math.Pow(x - 0.3, 2));
            Assert.Equal(1, effects.Sum(e => e.Share), 1e-12);
            strong += effects[0].Share / 20;
            inert += (effects[1].Share + effects[2].Share) / 40;
            Assert.Equal(1 / 401.0, effects[0].P);
        }

        Assert.InRange(strong, 0.9, 1 + 1e-12);
        Assert.InRange(inert, 0, 0.05);
    }

    [Fact]
    public void Of_WhenAListMatters_TellsItFromARange()
    {
        IReadOnlyList<PedEffect> effects = Effects(3, (x, y, list) => list == 1 ? 1 : 0);
        Assert.InRange(effects[2].Share, 0.8, 1);
    }

    /// <summary>Picks that are no better than chance: p-values are uniform, so few are small.</summary>
    [Fact]
    public void Of_WhenNothingMatters_CallsFewAxes()
    {
        double[] p = [.. Enumerable.Range(0, 60).SelectMany(s =>
        {
            PhiloxStream noise = new((ulong)s, NoisePurpose.Projections, 1);
            return Effects((ulong)s, (_, _, _) => noise.NextNormal()).Select(e => e.P);
        })];
        Assert.InRange(p.Count(v => v <= 0.05) / (double)p.Length, 0, 0.1);
        Assert.InRange(p.Average(), 0.4, 0.6);
    }

    [Fact]
    public void Of_TheSameSettings_GivesTheSameNumbers() =>
        Assert.Equal(Effects(5, (x, y, l) => x + y), Effects(5, (x, y, l) => x + y));

    [Fact]
    public void Of_FewSettings_IsNone() => Assert.Null(PedAnova.Of([(0, [.. Enumerable.Repeat(0.5, 15)])], [.. Enumerable.Repeat(0.0, 15)]));

    private static IReadOnlyList<PedEffect> Effects(ulong seed, Func<double, double, int, double> merit)
    {
        ScrambledSobol points = new(3, seed);
        double[] point = new double[3];
        List<double> x = [], y = [], list = [], merits = [];
        for (uint i = 0; i < 64; i++)
        {
            points.Point(i, point);
            x.Add(point[0]);
            y.Add(point[1]);
            list.Add((int)(3 * point[2]));
            merits.Add(merit(point[0], point[1], (int)(3 * point[2])));
        }

        return PedAnova.Of([(0, x), (0, y), (3, list)], merits)!;
    }
}
