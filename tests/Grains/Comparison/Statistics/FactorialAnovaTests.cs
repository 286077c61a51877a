using Sweep.Diffusion.Numerics;
using Sweep.Grains.Comparison.Statistics;
using Xunit;

namespace Sweep.Tests.Grains.Comparison.Statistics;

/// <summary>Analysis of variance against sums of squares that NumPy made another way (effects by inclusion and exclusion), and its laws.</summary>
public sealed class FactorialAnovaTests
{
    /// <summary>2 x 3 x 2 settings of 4 seeds.</summary>
    private static readonly double[][] Values =
    [
        [2.23, -1.44, 0.21, -1.49], [-0.26, 0.9, -2.23, -1.16], [0.33, 5.43, 1.02, -0.28], [0.91, 1.44, -0.26, -0.32],
        [-0.32, -0.13, -0.25, -2.13], [-0.78, 1.66, -0.66, -2.43], [2.01, 3.65, 3.73, 0.8], [1.95, 4.11, 0.91, 0.78],
        [2.08, 2.69, 0.89, 0.74], [-1.63, 3.13, -0.17, -1.59], [3.47, 4.81, 2.35, 1.0], [3.22, 4.06, 4.2, 2.82],
    ];

    [Fact]
    public void Of_WhenThreeFactors_HasTheReferencesSumsAndShares()
    {
        FactorialAnova found = FactorialAnova.Of([2, 3, 2], Values)!;

        Assert.Equal([[0], [1], [2], [0, 1], [0, 2], [1, 2], []], found.Effects.Select(e => e.Factors.ToArray()));
        Assert.Equal([1, 2, 1, 2, 1, 2, 2], found.Effects.Select(e => e.Degrees));
        double[] squares = [52.12500833333335, 1.6748041666666662, 3.413333333333333, 36.14187916666667, 7.5e-05, 6.752054166666666, 0.4974125];
        Assert.All(squares.Zip(found.Effects), e => Assert.Equal(e.First, e.Second.Squares, 1e-9));
        Assert.Equal(33, found.ErrorDegrees);
        Near.Relative(1.2218772727272724, found.ErrorMeanSquare);
        double[] shares = [0.24401385450631558, 0, 0.010505162043824654, 0.16153837901770599, 0, 0.020652654857093024, 0];
        Assert.All(shares.Zip(found.Effects), e => Assert.Equal(e.First, e.Second.Share, 1e-12));
        Near.Relative(0.2821394802758503, found.Seeds);
        Near.Relative(0.2811504692992106, found.Error);
    }

    [Fact]
    public void Of_WhenAnything_HasSharesThatSumToOneInsideTheirIntervals()
    {
        for (int run = 0; run < 100; run++)
        {
            PhiloxStream noise = new((ulong)run, NoisePurpose.Bootstrap, 24);
            int[] levels = [.. Enumerable.Range(0, 1 + noise.NextInt(4)).Select(_ => 2 + noise.NextInt(3))];
            int seeds = 2 + noise.NextInt(5);
            double[][] values = new double[levels.Aggregate(1, (n, l) => n * l)][];
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = new double[seeds];
                for (int s = 0; s < seeds; s++)
                    values[i][s] = (i % levels[^1] * noise.NextDouble() * 3) + noise.NextNormal();
            }

            FactorialAnova found = FactorialAnova.Of(levels, values)!;
            Assert.Equal(1, found.Effects.Sum(e => e.Share) + found.Seeds + found.Error, 1e-12);
            Assert.Equal(values.Length - 1, found.Effects.Sum(e => e.Degrees));
            Assert.All(found.Effects, e => Assert.True(e.Low >= 0 && e.High <= 1 && e.Low <= e.Share + 1e-12 && (e.Share == 0 || e.Share <= e.High)));
        }
    }

    /// <summary>The seeds are blocks: whatever one adds to all settings changes nothing but its own share.</summary>
    [Fact]
    public void Of_WhenSeedsShift_KeepsTheOthersSums()
    {
        double[][] shifted = [.. Values.Select(v => v.Select((x, s) => x + (100 * s)).ToArray())];
        FactorialAnova one = FactorialAnova.Of([2, 3, 2], Values)!, other = FactorialAnova.Of([2, 3, 2], shifted)!;
        Assert.All(one.Effects.Zip(other.Effects), e => Assert.Equal(e.First.Squares, e.Second.Squares, 1e-8));
        Assert.Equal(one.ErrorMeanSquare, other.ErrorMeanSquare, 1e-8);
        Assert.True(other.Seeds > 0.99);
    }

    /// <summary>The interval of a share covers it as often as it says.</summary>
    [Fact]
    public void Of_WhenRepeated_CoversTheTrueNoncentrality()
    {
        const int Runs = 1500;
        int covered = 0;
        for (int run = 0; run < Runs; run++)
        {
            // One factor of three levels at -1, 0 and 1; 6 seeds, errors of variance 1: noncentrality 6 x 2 = 12, in a total of 18 values.
            PhiloxStream noise = new((ulong)run, NoisePurpose.Bootstrap, 25);
            double[][] values = [new double[6], new double[6], new double[6]];
            for (int i = 0; i < 3; i++)
            {
                for (int s = 0; s < 6; s++)
                    values[i][s] = i - 1 + noise.NextNormal();
            }

            AnovaEffect effect = FactorialAnova.Of([3], values)!.Effects[0];
            (double low, double high) = NoncentralF.Interval(effect.F!.Value, 2, 10, 0.05);
            covered += low <= 12 && 12 <= high ? 1 : 0;
        }

        Assert.InRange(covered / (double)Runs, 0.93, 0.97);
    }

    [Fact]
    public void Of_WhenThereIsNothingToAnalyse_SaysSo()
    {
        Assert.Null(FactorialAnova.Of([2], [[1, 1], [1, 1]]));
        AnovaEffect sure = FactorialAnova.Of([2], [[1, 2], [3, 4]])!.Effects[0];
        Assert.Equal((null, null, null), (sure.F, sure.Low, sure.High));
        Assert.Null(FactorialAnova.Of([2], [[1e300, -1e300], [-1e300, 1e300]]));
        Assert.StartsWith("levels [2] with 1 settings of 2 seeds; allowed: ", Assert.Throws<ArgumentException>(() => FactorialAnova.Of([2], [[1, 2]])).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => FactorialAnova.Of([2], [[1], [2]]));
        Assert.Throws<ArgumentException>(() => FactorialAnova.Of([1], [[1, 2]]));
    }
}
