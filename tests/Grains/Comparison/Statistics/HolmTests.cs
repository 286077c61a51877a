using FsCheck;
using FsCheck.Fluent;
using Sweep.Grains.Comparison.Statistics;
using Xunit;

namespace Sweep.Tests.Grains.Comparison.Statistics;

public sealed class HolmTests
{
    /// <summary>statsmodels 0.13.5, <c>multipletests(p, method="holm")</c>.</summary>
    [Fact]
    public void Adjust_WhenGivenPValues_AgreesWithStatsmodels()
    {
        double[] adjusted = Holm.Adjust([0.01, 0.04, 0.03, 0.005, 0.6, 0.0001], 6);
        double[] expected = [0.04, 0.09, 0.09, 0.025, 0.6, 0.0006000000000000001];
        for (int i = 0; i < expected.Length; i++)
            Near.Relative(expected[i], adjusted[i]);
    }

    [Fact]
    public void Adjust_WhenAPValueIsMissing_KeepsItsPlaceAtOne() => Assert.Equal([0.03, 1, 1], Holm.Adjust([0.01, null, 0.5], 3));

    [Fact]
    public void Adjust_WhenTheFamilyHasMembersThatAreNotListed_CountsThem() => Assert.Equal([0.1, 0.27], Holm.Adjust([0.01, 0.03], 10));

    [Fact]
    public void Adjust_WhenTheFamilyIsSmallerThanItsMembers_Throws() => Assert.Throws<ArgumentOutOfRangeException>(() => Holm.Adjust([0.1, 0.2], 1));

    [Fact]
    public void Adjust_WhenGivenAnyPValues_KeepsOrderAndNeverLowersOne() =>
        Prop.ForAll(
            Gen.Choose(0, 1000).Select(i => i / 1000.0).ListOf().Select(l => l.ToList()).ToArbitrary(),
            (List<double> p) =>
            {
                double[] adjusted = Holm.Adjust([.. p.Select(x => (double?)x)], p.Count);
                for (int i = 0; i < p.Count; i++)
                {
                    Assert.InRange(adjusted[i], p[i], 1);
                    for (int j = 0; j < p.Count; j++)
                        Assert.True(p[i] > p[j] || adjusted[i] <= adjusted[j]);
                }
            }).QuickCheckThrowOnFailure();
}
