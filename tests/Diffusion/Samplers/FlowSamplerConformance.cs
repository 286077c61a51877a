using FsCheck;
using FsCheck.Fluent;
using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Samplers;
using Sweep.Diffusion.Schedules;
using Xunit;

namespace Sweep.Tests.Diffusion.Samplers;

/// <summary>What a deterministic sampler promises besides: it converges to the exact probability flow at its order, in any scaling.</summary>
public abstract class FlowSamplerConformance : SamplerConformance
{
    /// <summary>
    /// So much that the multistep samplers' low-order first steps, where the flow is a straight line but for the data's share of the variance, leave no trace.
    /// </summary>
    private const double SigmaMax = 1000;

    private const double SigmaMin = 0.1;

    /// <summary>The power of the step size that the error falls with.</summary>
    protected abstract int Order { get; }

    /// <summary>Evaluations for N steps, the last one to a clean level.</summary>
    protected virtual int Evaluations(int steps) => steps;

    [Fact]
    public void Sample_WhenDataAreGaussian_ConvergesAtItsOrder() =>
        Assert.InRange(ObservedOrder(new MixtureFlow([1], [0.2], [0.5])), Order - Tolerances.ObservedOrder, Order + Tolerances.ObservedOrder);

    [Fact]
    public void Sample_WhenDataAreAMixture_ConvergesAtItsOrder() =>
        Assert.InRange(ObservedOrder(new MixtureFlow([0.3, 0.7], [-1.2, 0.6], [0.4, 0.5])), Order - Tolerances.ObservedOrder, Order + Tolerances.ObservedOrder);

    [Fact]
    public void Sample_WhenAnyMixture_ConvergesAtItsOrderOrFaster() =>
        Prop.ForAll(
            Gen.Choose(1, 9).Four().ToArbitrary(),
            seeds =>
            {
                (int weight, int distance, int left, int right) = seeds;
                var mixture = new MixtureFlow([weight, 10 - weight], [0.1 * distance, -0.15 * distance], [0.4 + (0.05 * left), 0.4 + (0.05 * right)]);
                double order = ObservedOrder(mixture);
                return (order >= Order - Tolerances.ObservedOrder).Label($"observed order {order}");
            }).Check(Config.QuickThrowOnFailure.WithMaxTest(5));

    [Theory]
    [MemberData(nameof(Schedules))]
    public void Sample_WhenScaledAsAnySchedule_TakesTheSamePath(ISchedule schedule)
    {
        var mixture = new MixtureFlow([0.3, 0.7], [-1.2, 0.6], [0.2, 0.3]);
        double[] sigmas = [.. Sigmas(12)];
        NoiseLevel[] exploding = [.. sigmas.Select(s => new NoiseLevel(1, s)), NoiseLevel.Clean];
        NoiseLevel[] scaled = [.. sigmas.Select(schedule.AtSigma), NoiseLevel.Clean];
        double[] start = Noise(16, SigmaMax);
        double[][] expected = Path(mixture, exploding, start);
        double[][] path = Path(mixture, scaled, start);
        for (int k = 0; k < expected.Length; k++)
        {
            for (int i = 0; i < start.Length; i++)
                Assert.Equal(expected[k][i], path[k][i], Tolerances.ReferenceRelative * (1 + Math.Abs(expected[k][i])));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(10)]
    public void Sample_WhenDone_HasCountedItsEvaluations(int steps)
    {
        NoiseLevel[] grid = [.. Sigmas(steps).Select(s => new NoiseLevel(1, s)), NoiseLevel.Clean];
        int last = 0;
        foreach (ReverseState state in Prepared(new GaussianDenoiser(0.5, 1), grid).Sample(new GaussianDenoiser(0.5, 1), grid, [SigmaMax], new StreamNoise(1)))
        {
            Assert.True(state.Evaluations >= last, $"{state.Evaluations} evaluations after {last}");
            last = state.Evaluations;
        }

        Assert.Equal(Evaluations(steps), last);
    }

    /// <summary>Geometric levels, from the most noise.</summary>
    private static IEnumerable<double> Sigmas(int steps) =>
        Enumerable.Range(0, steps).Select(k => steps == 1 ? SigmaMax : SigmaMax * Math.Pow(SigmaMin / SigmaMax, (double)k / (steps - 1)));

    private double[][] Path(IDenoiser denoiser, NoiseLevel[] grid, double[] y) =>
        [.. Prepared(denoiser, grid).Sample(denoiser, grid, [.. y.Select(v => v * grid[0].Signal)], new StreamNoise(1))
            .Select(s => s.X.Select(x => x / s.Level.Signal).ToArray())];

    private double ObservedOrder(MixtureFlow mixture)
    {
        // The exact end is x0-hat at the least noise: every sampler's step to clean.
        double[] start = [-1500, -600, -250, 100, 450, 1250];
        double[] exact = [.. start.Select(y => mixture.Flow(y, SigmaMax, SigmaMin))];
        mixture.Denoise([.. exact], new NoiseLevel(1, SigmaMin), exact);

        double Error(int steps)
        {
            NoiseLevel[] grid = [.. Sigmas(steps).Select(s => new NoiseLevel(1, s)), NoiseLevel.Clean];
            double[] end = Prepared(mixture, grid).Sample(mixture, grid, start, new StreamNoise(1)).Last().X;
            return Math.Sqrt(end.Zip(exact, (a, b) => (a - b) * (a - b)).Sum());
        }

        return Math.Log2(Error(641) / Error(1281));
    }
}
