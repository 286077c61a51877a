using FsCheck;
using FsCheck.Fluent;
using Sweep.Diffusion.Kinds;
using Sweep.Diffusion.Samplers;
using Xunit;

namespace Sweep.Tests.Diffusion.Samplers;

public sealed class ExponentialIntegralTests
{
    [Theory]
    [InlineData(1e-6)]
    [InlineData(0.01)]
    [InlineData(0.499999)]
    [InlineData(0.5)]
    [InlineData(3)]
    [InlineData(40)]
    public void Moments_WhenAnyStep_AreTheIntegrals(double h)
    {
        Span<double> moments = stackalloc double[4];
        ExponentialIntegral.Moments(h, moments);
        for (int m = 0; m < moments.Length; m++)
        {
            // Simpson's rule on 20,000 intervals.
            const int intervals = 20_000;
            double sum = 0;
            for (int i = 0; i <= intervals; i++)
            {
                double u = (double)i / intervals;
                sum += (i == 0 || i == intervals ? 1 : i % 2 == 0 ? 2 : 4) * h * Math.Exp(-h * (1 - u)) * Math.Pow(u, m);
            }

            double expected = sum / (3 * intervals);
            Assert.Equal(expected, moments[m], Tolerances.ReferenceRelative * expected);
        }
    }

    /// <summary>The weights reproduce the integral of every polynomial that their nodes determine.</summary>
    [Fact]
    public void Weights_WhenTheFunctionIsAParabola_AreExact() =>
        Prop.ForAll(
            Gen.Choose(1, 400).Three().ToArbitrary(),
            values =>
            {
                double h = values.Item1 / 100.0;
                double[] nodes = [-values.Item2 / 100.0, 1 + (values.Item3 / 100.0)];
                double slope = values.Item2 - 200;
                double curve = values.Item3 - 200;
                double At(double u) => 3 + (slope * u) + (curve * u * u);

                var moments = new double[3];
                var weights = new double[2];
                ExponentialIntegral.Moments(h, moments);
                ExponentialIntegral.Weights(h, nodes, weights);
                double expected = (3 * moments[0]) + (slope * moments[1]) + (curve * moments[2]);
                double actual = (3 * moments[0]) + (weights[0] * (At(nodes[0]) - 3)) + (weights[1] * (At(nodes[1]) - 3));
                double size = Math.Abs(slope) + Math.Abs(curve) + 3;
                return (Math.Abs(expected - actual) <= Tolerances.ReferenceRelative * size).Label($"{expected} against {actual}");
            }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Constructor_WhenTheOrderIsOutside_SaysWhatIsAllowed(int order)
    {
        Assert.Contains("allowed: 2 or 3", Assert.Throws<KindException>(() => new DpmPlusPlus(order)).Message, StringComparison.Ordinal);
        Assert.Contains("allowed: 2 or 3", Assert.Throws<KindException>(() => new UniPc(order)).Message, StringComparison.Ordinal);
    }
}
