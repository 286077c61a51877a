using Sweep.Diffusion.Numerics;
using Xunit;

namespace Sweep.Tests.Diffusion.Numerics;

public sealed class DormandPrinceTests
{
    [Theory]
    [InlineData(1e-4)]
    [InlineData(1e-7)]
    [InlineData(1e-10)]
    public void Integrate_OfTheOscillator_MeetsTheToleranceUpToItsAmplification(double tolerance)
    {
        double[] y = [1, 0];
        var solver = new DormandPrince { AbsoluteTolerance = tolerance, RelativeTolerance = tolerance };
        solver.Integrate(Oscillator, 0, 10, y, 2, CancellationToken.None);

        Assert.Equal(Math.Cos(10), y[0], 30 * tolerance);
        Assert.Equal(-Math.Sin(10), y[1], 30 * tolerance);
    }

    [Fact]
    public void Integrate_AtSmallerTolerance_CostsAsAFifthOrderMethod()
    {
        // Steps grow as tolerance^(-1/5): 10^4 times smaller is 6.3 times as many; a fourth-order control would take 10 times.
        double ratio = (double)Calls(1e-10) / Calls(1e-6);

        Assert.InRange(ratio, 5, 7.5);

        static int Calls(double tolerance) =>
            new DormandPrince { AbsoluteTolerance = tolerance, RelativeTolerance = tolerance }.Integrate(Oscillator, 0, 30, (double[])[1, 0], 2,
                CancellationToken.None);
    }

    [Fact]
    public void Integrate_BackAgain_ReturnsToTheStart()
    {
        double[] y = [0.3, -2];
        var solver = new DormandPrince { AbsoluteTolerance = 1e-11, RelativeTolerance = 1e-11 };
        solver.Integrate(Oscillator, 1, 4, y, 2, CancellationToken.None);
        solver.Integrate(Oscillator, 4, 1, y, 2, CancellationToken.None);

        Assert.Equal([0.3, -2], y, (a, b) => Math.Abs(a - b) < Tolerances.RoundTrip);
    }

    [Fact]
    public void Integrate_OfSeveralRows_HoldsEachToTheTolerance()
    {
        // dy/dt = -rate y: the quick row sets the step.
        double[] y = [1, 1, 1];
        new DormandPrince { AbsoluteTolerance = 1e-9, RelativeTolerance = 1e-9 }.Integrate(
            (_, at, slope) =>
            {
                for (int i = 0; i < 3; i++)
                    slope[i] = -Math.Pow(10, i) * at[i];
            },
            0,
            0.5,
            y,
            1,
            CancellationToken.None);

        for (int i = 0; i < 3; i++)
            Assert.Equal(Math.Exp(-0.5 * Math.Pow(10, i)), y[i], Tolerances.SolvedEquation);
    }

    [Fact]
    public void Integrate_WhenTheDerivativeIsNotFinite_SaysWhere() =>
        Assert.Contains(
            "allowed: a step that counts",
            Assert.Throws<OdeException>(() => new DormandPrince()
                .Integrate((t, _, slope) => slope.Fill(t < 0.5 ? 1 : double.NaN), 0, 1, (double[])[0], 1, CancellationToken.None)).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Integrate_WhenTheStepsRunOut_SaysHowMany() =>
        Assert.Contains(
            "3 steps; allowed: fewer",
            Assert.Throws<OdeException>(() => new DormandPrince { MaximumSteps = 3 }.Integrate(Oscillator, 0, 100, (double[])[1, 0], 2, CancellationToken.None))
                .Message,
            StringComparison.Ordinal);

    private static void Oscillator(double t, ReadOnlySpan<double> y, Span<double> slope)
    {
        slope[0] = y[1];
        slope[1] = -y[0];
    }
}
