using FsCheck;
using FsCheck.Fluent;
using Sweep.Diffusion.Numerics;
using Xunit;

namespace Sweep.Tests.Diffusion.Numerics;

public sealed class RationalQuadraticSplineTests
{
    [Fact]
    public void Solve_OfRandomTables_InvertsEvaluate() => Check.One(Quick, Prop.ForAll(Seeds, seed =>
    {
        var (spline, stream) = Random((ulong)seed);
        double range = spline.U[^1] - spline.U[0];
        for (int i = 0; i < 200; i++)
        {
            double u = spline.U[0] + (range * ((3 * stream.NextDouble()) - 1));
            double y = spline.Evaluate(u);
            double back = spline.Evaluate(spline.Solve(y));
            Assert.True(Math.Abs(back - y) <= Tolerances.RoundTrip * (1 + Math.Abs(y)), $"y {y}, back {back}");
        }
    }));

    [Fact]
    public void Evaluate_OfRandomTables_IsIncreasing() => Check.One(Quick, Prop.ForAll(Seeds, seed =>
    {
        var (spline, _) = Random((ulong)seed);
        double range = spline.U[^1] - spline.U[0];
        double last = double.NegativeInfinity;
        for (int i = 0; i <= 1000; i++)
        {
            double y = spline.Evaluate(spline.U[0] + (range * ((0.0012 * i) - 0.1)));
            Assert.True(y > last);
            last = y;
        }
    }));

    [Fact]
    public void LogSlopeAt_InsideAndOutside_IsTheDerivative()
    {
        var (spline, stream) = Random(5);
        for (int i = 0; i < 200; i++)
        {
            double u = -1 + (14 * stream.NextDouble());
            const double step = 1e-6;
            double slope = (spline.Evaluate(u + step) - spline.Evaluate(u - step)) / (2 * step);
            double actual = Math.Exp(spline.LogSlopeAt(spline.Evaluate(u)));
            Assert.Equal(slope, actual, Tolerances.RoundTrip + (Tolerances.LogDeterminantDifference * slope));
        }
    }

    [Fact]
    public void Evaluate_AtAndBesideKnots_FindsTheRightCell()
    {
        // A table in which most cells crowd into one bucket of the index.
        double[] u = [0, .. Enumerable.Range(1, 500).Select(i => i * 1e-7), 1, 2, 1000];
        double[] y = [.. Enumerable.Range(0, u.Length).Select(i => (double)i)];
        double[] slope = [.. Enumerable.Repeat(1.0, u.Length)];
        var spline = new RationalQuadraticSpline(u, y, slope);

        for (int k = 0; k < u.Length; k++)
        {
            Assert.Equal(y[k], spline.Evaluate(u[k]), Tolerances.RoundTrip);
            Assert.InRange(spline.Evaluate(double.BitDecrement(u[k])), y[k] - 0.01, y[k]);
            Assert.Equal(u[k], spline.Solve(y[k]), Tolerances.RoundTrip);
        }
    }

    [Fact]
    public void Evaluate_OfNotANumberAndInfinity_PassesThemOn()
    {
        var (spline, _) = Random(1);
        Assert.Equal(double.NaN, spline.Evaluate(double.NaN));
        Assert.Equal(double.NaN, spline.Solve(double.NaN));
        Assert.Equal(double.NaN, spline.LogSlopeAt(double.NaN));
        Assert.Equal(double.PositiveInfinity, spline.Evaluate(double.PositiveInfinity));
        Assert.Equal(double.NegativeInfinity, spline.Solve(double.NegativeInfinity));
    }

    [Fact]
    public void Constructor_OfADecreasingTable_Throws()
    {
        Assert.Throws<ArgumentException>(() => new RationalQuadraticSpline([0, 1, 1], [0, 1, 2], [1, 1, 1]));
        Assert.Throws<ArgumentException>(() => new RationalQuadraticSpline([0, 1, 2], [0, 1, 0.5], [1, 1, 1]));
        Assert.Throws<ArgumentException>(() => new RationalQuadraticSpline([0, 1, 2], [0, 1, 2], [1, 0, 1]));
        Assert.Throws<ArgumentException>(() => new RationalQuadraticSpline([0], [0], [1]));
    }

    private static Config Quick => Config.QuickThrowOnFailure.WithMaxTest(50);

    private static Arbitrary<int> Seeds => Gen.Choose(0, int.MaxValue).ToArbitrary();

    /// <summary>Widths, heights and slopes over four orders of magnitude.</summary>
    private static (RationalQuadraticSpline Spline, PhiloxStream Stream) Random(ulong seed)
    {
        var stream = new PhiloxStream(seed, NoisePurpose.Bootstrap);
        int knots = 2 + stream.NextInt(30);
        var (u, y, slope) = (new double[knots], new double[knots], new double[knots]);
        for (int k = 0; k < knots; k++)
        {
            u[k] = (k == 0 ? 0 : u[k - 1]) + Math.Pow(10, (2 * stream.NextDouble()) - 1);
            y[k] = (k == 0 ? -3 : y[k - 1]) + Math.Pow(10, (4 * stream.NextDouble()) - 3);
            slope[k] = Math.Pow(10, (4 * stream.NextDouble()) - 2);
        }

        return (new RationalQuadraticSpline(u, y, slope), stream);
    }
}
