using FsCheck;
using FsCheck.Fluent;
using Sweep.Diffusion.Metrics;
using Sweep.Diffusion.Numerics;
using Xunit;

namespace Sweep.Tests.Diffusion.Metrics;

public sealed class EnergyDistanceTests
{
    [Fact]
    public void Unbiased_OfTheReferenceSets_MatchesTheReference() =>
        Assert.Equal(
            -0.5630578791955982,
            EnergyDistance.Unbiased([0, 0, 1, 0, 0, 1, 2, 2], [0.5, 0.5, 1.5, 0, -1, 1, 2, 1], 2),
            Tolerances.ReferenceRelative);

    [Fact]
    public void Unbiased_AtEverySizeAndDimension_AgreesWithTheScalarForm() =>
        Prop.ForAll(
            Gen.Choose(2, 700).Three().ToArbitrary(),
            sizes =>
            {
                (int n, int m, int d) = (sizes.Item1, sizes.Item2, 1 + (sizes.Item3 % 17));
                double[] a = Normal(n * d, 1), b = Normal(m * d, 2);
                double expected = (2 * EnergyDistance.ScalarSum(a, b, d) / ((double)n * m))
                    - (EnergyDistance.ScalarSum(a, a, d) / (n * (n - 1.0))) - (EnergyDistance.ScalarSum(b, b, d) / (m * (m - 1.0)));
                double actual = EnergyDistance.Unbiased(a, b, d);
                return Math.Abs(expected - actual) <= Tolerances.ReferenceRelative * 10;
            }).Check(Config.QuickThrowOnFailure.WithMaxTest(30));

    [Fact]
    public void Unbiased_WhenTheSetsSwap_IsTheSame() =>
        Assert.Equal(
            EnergyDistance.Unbiased(Normal(300, 1), Normal(201, 2), 3), EnergyDistance.Unbiased(Normal(201, 2), Normal(300, 1), 3),
                Tolerances.ReferenceRelative);

    [Fact]
    public void Unbiased_OfOneDistribution_IsZeroOnAverage()
    {
        double[] distances = Enumerable.Range(0, 200).Select(i => EnergyDistance.Unbiased(Normal(80, (2 * i) + 10), Normal(80, (2 * i) + 11), 2)).ToArray();
        double mean = distances.Average();
        double error = Math.Sqrt(distances.Average(x => (x - mean) * (x - mean)) / distances.Length);

        Assert.InRange(mean, -4 * error, 4 * error);
        Assert.Contains(distances, x => x < 0);
    }

    [Fact]
    public void Unbiased_WhenACoordinateIsNotFinite_IsNaN() =>
        Assert.Equal(double.NaN, EnergyDistance.Unbiased([0, 1, double.PositiveInfinity], [0, 1, 2], 1));

    [Fact]
    public void Unbiased_WhenASetHasOnePoint_Throws() =>
        Assert.Throws<ArgumentException>(() => EnergyDistance.Unbiased([0], [0, 1], 1));

    private static double[] Normal(int count, int seed)
    {
        var stream = new PhiloxStream((ulong)seed, NoisePurpose.Bootstrap);
        double[] values = new double[count];
        stream.FillNormal(values);
        return values;
    }
}
