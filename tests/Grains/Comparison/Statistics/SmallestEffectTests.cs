using System.Globalization;
using Sweep.Diffusion.Numerics;
using Sweep.Grains.Comparison.Statistics;
using Xunit;

namespace Sweep.Tests.Grains.Comparison.Statistics;

public sealed class SmallestEffectTests
{
    /// <summary>
    /// mpmath 1.2.1 at 40 digits: the root of power = 0.8, its critical value the root of the two-sided p (SciPy 1.10.1's isf is good to 1e-9 alone).
    /// </summary>
    [Theory]
    [InlineData(3, 1, 3.26404354969957, "3.26")]
    [InlineData(5, 1, 1.68199696595555, "1.68")]
    [InlineData(8, 1, 1.15603467799473, "1.16")]
    [InlineData(20, 1, 0.660441654623026, "0.66")]
    [InlineData(3, 30, 17.9394023366679, "17.9")]
    [InlineData(5, 30, 4.19001980104489, "4.19")]
    [InlineData(8, 30, 2.17081081361069, "2.17")]
    [InlineData(20, 30, 1.02579966578034, "1.03")]
    [InlineData(3, 120, 35.8815433506391, "35.9")]
    [InlineData(5, 120, 5.96043021397023, "5.96")]
    [InlineData(8, 120, 2.70653735247317, "2.71")]
    [InlineData(20, 120, 1.16962959614238, "1.17")]
    [InlineData(2, 3850, 44421.3687046558, "44421")]
    public void Of_WhenGivenSeedsAndComparisons_HasTheTablesDigits(int seeds, int comparisons, double expected, string shown)
    {
        double found = SmallestEffect.Of(seeds, comparisons)!.Value;
        Assert.InRange(found, expected * (1 - 1e-10), expected * (1 + 1e-10));
        int decimals = shown.Contains('.', StringComparison.Ordinal) ? shown.Length - 1 - shown.IndexOf('.', StringComparison.Ordinal) : 0;
        Assert.Equal(shown, found.ToString($"F{decimals}", CultureInfo.InvariantCulture));
    }

    /// <summary>
    /// What it promises, by drawing: 4,000 sweeps of 5 seeds at the effect found, 1 of 30 comparisons, are called in 80% (standard error 0.6%).
    /// </summary>
    [Fact]
    public void Of_WhenTheEffectIsSoLarge_IsCalledInFourOfFiveSweeps()
    {
        const int Sweeps = 4000, Seeds = 5, Comparisons = 30;
        double effect = SmallestEffect.Of(Seeds, Comparisons)!.Value;
        PhiloxStream noise = new(3, NoisePurpose.Bootstrap);
        int called = 0;
        for (int sweep = 0; sweep < Sweeps; sweep++)
        {
            double[] differences = new double[Seeds];
            for (int s = 0; s < Seeds; s++)
                differences[s] = effect + noise.NextNormal();
            called += PairedTest.Plain(differences) < SmallestEffect.Alpha / Comparisons ? 1 : 0;
        }

        Assert.InRange(called, 0.78 * Sweeps, 0.82 * Sweeps);
    }

    [Theory]
    [InlineData(1, 30)]
    [InlineData(5, 0)]
    public void Of_WhenNothingCanBeTested_IsNull(int seeds, int comparisons) => Assert.Null(SmallestEffect.Of(seeds, comparisons));
}
