using Sweep.Diffusion.Numerics;
using Sweep.Grains.Comparison.Statistics;
using Xunit;

namespace Sweep.Tests.Grains.Comparison.Statistics;

/// <summary>
/// Plain tests: SciPy 1.10.1 <c>ttest_rel</c>, <c>ttest_1samp</c>. Moderated ones: Smyth's moment equations written with SciPy's digamma and
/// polygamma (Newton's method for the inverse), capped as PairedTest documents.
/// </summary>
public sealed class PairedTestTests
{
    [Fact]
    public void Plain_WhenThreePairs_AgreesWithSciPy()
    {
        double[] a = [-2.1, -1.9, -2.4], b = [-0.3, -0.2, -0.5];
        Near.Relative(0.0010272216373206275, PairedTest.Plain([.. b.Zip(a, (x, y) => x - y)]));
        Near.Relative(0.007288394330050333, PairedTest.Plain([0.31, 0.12, 0.44, 0.2, 0.29]));
    }

    [Fact]
    public void Plain_WhenOnePair_HasNoPValue() => Assert.Null(PairedTest.Plain([1.0]));

    [Fact]
    public void Plain_WhenNothingDiffers_IsOne() => Assert.Equal(1, PairedTest.Plain([0, 0, 0]));

    [Fact]
    public void Plain_WhenTheDifferenceNeverVaries_HasNoPValue() => Assert.Null(PairedTest.Plain([0.1, 0.1, 0.1]));

    [Fact]
    public void Moderated_WhenVariancesAreAlike_LendsTheCappedDegree() => Agrees(
        [[0.31, 0.12, 0.44], [1.2, 0.7, 1.9], [0.02, -0.03, 0.05], [3.1, 2.2, 2.9], [-0.4, 0.1, -0.2], [0.9, 1.1, 1.05], [0.25, 0.45]],
        (1, 0.0184797816898831),
        [0.052426370106045866, 0.03574827791274611, 0.8037943266898866, 0.00211727845649927, 0.3345377362667153, 0.0006156521475127912, 0.07282735005446936]);

    [Fact]
    public void Moderated_WhenVariancesDifferByOrders_LendsLess() => Agrees(
        [[0.31, 0.12, 0.44], [1.2, 0.7, 1.9], [0.0002, -0.0003, 0.0005], [310, 220, 290], [-0.4, 0.1, -0.2], [0.00090, 0.00111, 0.00105], [25, 45]],
        (0.20611227008966604, 1.3430887063681704e-05),
        [0.07865583945027214, 0.05847845889516224, 0.861912509275807, 0.007007869625177429, 0.360487350255511, 0.2453923029039764, 0.14249208993595486]);

    [Fact]
    public void Moderated_WhenThereAreFewComparisons_IsPlain()
    {
        double[][] few = [[0.31, 0.12, 0.44], [1.2, 0.7, 1.9]];
        (double?[] p, bool moderated) = PairedTest.Moderated(few);
        Assert.False(moderated);
        Assert.Equal(few.Select(PairedTest.Plain), p);
    }

    [Theory]
    [InlineData(0.25, 17.197329154507113)]
    [InlineData(1, 1.6449340668482266)]
    [InlineData(7, 0.15354517795933756)]
    [InlineData(30, 0.033895060357739946)]
    public void Trigamma_WhenGivenX_AgreesWithSciPyAndInverts(double x, double expected)
    {
        Near.Relative(expected, PairedTest.Trigamma(x));
        Near.Relative(x, PairedTest.InverseTrigamma(expected));
    }

    /// <summary>
    /// No real difference anywhere, three seeds, 24 comparisons with standard deviations spread log-normally: a false call in at most 5% of
    /// sweeps. 1,000 sweeps have a standard error of 0.7%, so three of them above 5% would be 7.1%.
    /// </summary>
    [Theory]
    [InlineData(0.0)]
    [InlineData(1.0)]
    [InlineData(2.0)]
    public void Moderated_WhenNothingDiffers_CallsAtMostFivePercentOfSweeps(double spread)
    {
        const int Sweeps = 1000, Comparisons = 24, Seeds = 3;
        PhiloxStream noise = new(11, NoisePurpose.Bootstrap, (uint)spread);
        int called = 0;
        for (int sweep = 0; sweep < Sweeps; sweep++)
        {
            double[][] differences = new double[Comparisons][];
            for (int c = 0; c < Comparisons; c++)
            {
                double scale = Math.Exp(spread * noise.NextNormal());
                differences[c] = new double[Seeds];
                for (int s = 0; s < Seeds; s++)
                    differences[c][s] = scale * noise.NextNormal();
            }

            if (Holm.Adjust(PairedTest.Moderated(differences).P, Comparisons).Any(p => p < 0.05))
                called++;
        }

        Assert.InRange(called, 0, 71);
    }

    private static void Agrees(double[][] stratum, (double Degrees, double Variance) prior, double[] expected)
    {
        (double Degrees, double Variance) found = PairedTest.Prior(stratum)!.Value;
        Near.Relative(prior.Degrees, found.Degrees);
        Near.Relative(prior.Variance, found.Variance);
        (double?[] p, bool moderated) = PairedTest.Moderated(stratum);
        Assert.True(moderated);
        for (int i = 0; i < expected.Length; i++)
            Near.Relative(expected[i], p[i]);
    }
}
