using Sweep.Diffusion.Numerics;
using Sweep.Grains.Comparison.Statistics;
using Xunit;

namespace Sweep.Tests.Grains.Comparison.Statistics;

/// <summary>One p-value over several looks.</summary>
public sealed class SequentialPTests
{
    [Fact]
    public void Of_WhenLooksDiffer_TakesTheSmallestAtItsWeight()
    {
        Assert.Equal((0.03 * 2, 1), SequentialP.Of([0.03, 0.02], SequentialP.UndeclaredWeight));
        (double p, int look) = SequentialP.Of([0.5, null, 0.001], SequentialP.UndeclaredWeight)!.Value;
        Near.Relative(0.012, p);
        Assert.Equal(3, look);
    }

    [Fact]
    public void Of_WhenItWouldPassOne_IsOne() => Assert.Equal((1, 1), SequentialP.Of([0.9], SequentialP.UndeclaredWeight));

    [Fact]
    public void Of_WhenNoLookHadATest_HasNone() => Assert.Null(SequentialP.Of([null, null], SequentialP.UndeclaredWeight));

    [Fact]
    public void UndeclaredWeight_WhenSummedOverAnyNumberOfLooks_StaysBelowOne()
    {
        double sum = Enumerable.Range(1, 10_000).Sum(SequentialP.UndeclaredWeight);
        Assert.InRange(sum, 0.999, 1 - 1e-6);
        Assert.Throws<ArgumentOutOfRangeException>(() => SequentialP.UndeclaredWeight(0));
    }

    /// <summary>Five seeds, then ten, of nothing: what is lost when the second look is taken at full level, and what the correction keeps.</summary>
    [Fact]
    public void Of_WhenNothingDiffers_KeepsTheLevelThatPeekingLoses()
    {
        const int Sweeps = 4000;
        int peeked = 0, kept = 0;
        for (int sweep = 0; sweep < Sweeps; sweep++)
        {
            PhiloxStream noise = new((ulong)sweep, NoisePurpose.Bootstrap, 21);
            double[] differences = new double[10];
            for (int i = 0; i < differences.Length; i++)
                differences[i] = noise.NextNormal();
            double?[] p = [PairedTest.Plain(differences[..5]), PairedTest.Plain(differences)];
            peeked += p.Min() < 0.05 ? 1 : 0;
            kept += SequentialP.Of(p, SequentialP.UndeclaredWeight)!.Value.P < 0.05 ? 1 : 0;
        }

        Assert.InRange(peeked / (double)Sweeps, 0.08, 0.11);
        Assert.InRange(kept / (double)Sweeps, 0.02, 0.05);
    }
}
