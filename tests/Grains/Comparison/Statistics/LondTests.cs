using Sweep.Diffusion.Numerics;
using Sweep.Grains.Comparison.Statistics;
using Xunit;

namespace Sweep.Tests.Grains.Comparison.Statistics;

public sealed class LondTests
{
    private const double Alpha = 0.05;

    private const int Ledgers = 2000;

    /// <summary>i^(-3/2) / 2.612375…: 0.38279, 0.13534, 0.073668, 0.047849, 0.034238.</summary>
    [Fact]
    public void Decide_ByHand_GivesEveryTryTheLevelOfItsPlaceTimesTheClaimsFoundBefore()
    {
        (int, double)[] tries = [(0, 0.019), (1, 0.0069), (1, 0.0036), (2, 0.004), (0, 0.003), (3, 0.0039)];
        IReadOnlyList<LondDecision> decisions = Lond.Decide(tries, Alpha);

        // The second is not called by a hair. The third is the second claim found, the fourth the third; the fifth is the first again and adds none.
        double[] expected = [0.01913967, 0.006766895, 0.003683431, 0.002392459 * 2, 0.001711904 * 3, 0.001302290 * 3];
        Assert.All(expected.Zip(decisions), e => Assert.Equal(e.First, e.Second.Level, 1e-8));
        Assert.Equal([true, false, true, true, true, true], decisions.Select(d => d.IsDiscovery));
    }

    [Fact]
    public void Decide_UnderAnyDependence_DividesByTheHarmonicNumber()
    {
        (int, double)[] tries = [(0, 0), (1, 0), (2, 1), (3, 1)];
        IReadOnlyList<LondDecision> plain = Lond.Decide(tries, Alpha), any = Lond.Decide(tries, Alpha, anyDependence: true);
        Assert.All(new[] { 1, 1.5, 11.0 / 6, 25.0 / 12 }.Select((h, i) => (h, i)), x => Near.Relative(plain[x.i].Level / x.h, any[x.i].Level));
    }

    [Fact]
    public void Weight_OverAllTries_SumsToOne()
    {
        // What is beyond n lies between 2 / sqrt(n + 1) and 2 / sqrt(n), over zeta.
        const int Count = 1_000_000;
        double sum = Enumerable.Range(1, Count).Sum(Lond.Weight);
        Assert.InRange(1 - sum, 2 / Math.Sqrt(Count + 1) / 2.6123753486854883, 2 / Math.Sqrt(Count) / 2.6123753486854883);
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    [InlineData(double.NaN)]
    public void Decide_WhenAPValueIsNone_IsRefused(double p) => Assert.Throws<ArgumentOutOfRangeException>(() => Lond.Decide([(0, p)], Alpha));

    /// <summary>
    /// Ledgers of true claims (found for sure) and false ones (p uniform, or alike among themselves): the false discovery rate over claims, and that of
    /// variants which must exceed the level, or this could not notice them.
    /// </summary>
    [Theory]
    [InlineData(0, 40, 1, 0)]
    [InlineData(20, 60, 1, 0)]
    [InlineData(20, 60, 3, 0)]
    [InlineData(0, 40, 2, 0.8)]
    [InlineData(20, 60, 2, 0.8)]
    public void Decide_OverManyLedgers_KeepsTheFalseDiscoveryRate(int trueClaims, int falseClaims, int triesEach, double correlation)
    {
        double ours = Rate(trueClaims, falseClaims, triesEach, correlation, tries => Lond.Decide(tries, Alpha)),
            peeking = Rate(trueClaims, falseClaims, triesEach, correlation, tries => [.. tries.Select(t => new LondDecision(Alpha, t.P <= Alpha))]);
        Assert.True(ours <= Alpha + 3 * Math.Sqrt(Alpha * (1 - Alpha) / Ledgers), $"{ours}");
        Assert.True(peeking > 1.5 * Alpha, $"{peeking}");
    }

    /// <summary>One true claim that is found a hundred times pays for one discovery, not for a hundred.</summary>
    [Fact]
    public void Decide_WhenOneClaimIsFoundAgainAndAgain_CountsItOnce()
    {
        double ours = Rate(1, 1000, 100, 0, tries => Lond.Decide(tries, Alpha), retriedFalse: false),
            byTries = Rate(1, 1000, 100, 0, tries => Lond.Decide([.. tries.Select((t, i) => (i, t.P))], Alpha), retriedFalse: false);
        Assert.True(ours <= Alpha, $"{ours}");
        Assert.True(byTries > 1.5 * Alpha, $"{byTries}");
    }

    private static double Rate(
        int trueClaims, int falseClaims, int triesEach, double correlation, Func<(int Claim, double P)[], IReadOnlyList<LondDecision>> decide,
        bool retriedFalse = true)
    {
        double sum = 0;
        for (int ledger = 0; ledger < Ledgers; ledger++)
        {
            PhiloxStream random = new((ulong)ledger, NoisePurpose.TestPoints);
            double shared = random.NextNormal();
            List<(int Claim, double P)> tries = [];
            for (int claim = 0; claim < trueClaims + falseClaims; claim++)
            {
                bool isTrue = claim < trueClaims;
                for (int t = 0; t < (isTrue || retriedFalse ? triesEach : 1); t++)
                    tries.Add((claim, isTrue ? 0 : OneSidedP((Math.Sqrt(correlation) * shared) + (Math.Sqrt(1 - correlation) * random.NextNormal()))));
            }

            // A claim found a hundred times comes first; otherwise in any order.
            (int Claim, double P)[] order = [.. tries];
            if (retriedFalse)
                random.Shuffle(order.AsSpan());
            IReadOnlyList<LondDecision> decisions = decide(order);
            int[] found = [.. order.Where((_, i) => decisions[i].IsDiscovery).Select(t => t.Claim).Distinct()];
            sum += found.Length == 0 ? 0 : (double)found.Count(c => c >= trueClaims) / found.Length;
        }

        return sum / Ledgers;
    }

    private static double OneSidedP(double z) => z > 0 ? StudentT.TwoSidedP(z, double.PositiveInfinity) / 2
        : 1 - (StudentT.TwoSidedP(z, double.PositiveInfinity) / 2);
}
