using Sweep.Diffusion.Kinds;
using Sweep.Diffusion.Schedules;
using Xunit;

namespace Sweep.Tests.Diffusion.Schedules;

public sealed class SigmaGridTests
{
    public static TheoryData<ISchedule> Schedules => [new VpLinear(), new VpCosine(), new VeGeometric(), new EdmKarras()];

    /// <summary>18 steps from sigma 80 to 0.002, computed with NumPy in float64.</summary>
    [Fact]
    public void Levels_WhenKarras_AreTheReference() =>
        AssertSigmas(
            [
                80, 57.58598472124816, 40.78557379650796, 28.37458460415684, 19.352452980325225, 12.91008238075732, 8.400935309099815, 5.315194521796382,
                3.256821519765537, 1.923339837040052, 1.088170636545279, 0.5853481231945421, 0.2964422844791572, 0.13951646873101678, 0.05994731123547159,
                0.022934518372333384, 0.0075280199627840785, 0.002, 0,
            ],
            new KarrasGrid().Levels(new VeGeometric(), 18));

    /// <summary>18 steps from sigma 80 to 0.002, computed with NumPy in float64.</summary>
    [Fact]
    public void Levels_WhenGeometric_AreTheReference() =>
        AssertSigmas(
            [
                80, 42.89242254953018, 22.996998902093072, 12.329962428495724, 6.610774481285874, 3.5444016553870625, 1.900349668601452, 1.0188825122189145,
                0.5462792405302567, 0.2928905001857526, 0.15703478868388188, 0.08419503139006554, 0.045141610786920625, 0.024202913055487864,
                0.012976519671319079, 0.00695742956205636, 0.0037302626079289275, 0.002, 0,
            ],
            new GeometricGrid().Levels(new EdmKarras(), 18));

    [Theory]
    [MemberData(nameof(Schedules))]
    public void Levels_WhenLinear_SigmaFallsByTheSame(ISchedule schedule)
    {
        double[] sigmas = Noisy(new LinearGrid(), schedule);
        for (int k = 2; k < sigmas.Length; k++)
            Assert.Equal(sigmas[0] - sigmas[1], sigmas[k - 1] - sigmas[k], Tolerances.ReferenceRelative * sigmas[0]);
    }

    [Theory]
    [MemberData(nameof(Schedules))]
    public void Levels_WhenUniformInLogSnr_AreGeometricOnes(ISchedule schedule)
    {
        double[] geometric = Noisy(new GeometricGrid(), schedule);
        double[] uniform = Noisy(new UniformLogSnrGrid(), schedule);
        for (int k = 0; k < uniform.Length; k++)
            Assert.Equal(geometric[k], uniform[k], Tolerances.ReferenceRelative * geometric[k]);
    }

    [Theory]
    [MemberData(nameof(Schedules))]
    public void Levels_WhenAsked_SpanTheSchedulesRange(ISchedule schedule)
    {
        NoiseRange range = NoiseRange.Of(schedule);
        foreach (IGrid grid in new IGrid[] { new LinearGrid(), new GeometricGrid(), new KarrasGrid(), new UniformLogSnrGrid() })
        {
            double[] sigmas = Noisy(grid, schedule);
            Assert.Equal(range.SigmaMax, sigmas[0], Tolerances.ReferenceRelative * range.SigmaMax);
            Assert.Equal(range.SigmaMin, sigmas[^1], Tolerances.ReferenceRelative * range.SigmaMax);
        }
    }

    [Fact]
    public void Levels_WhenOneStep_StartsAtTheMostNoise() => Assert.Equal([80.0, 0], new KarrasGrid().Levels(new EdmKarras(), 1).Select(l => l.Sigma));

    [Theory]
    [InlineData(0.5)]
    [InlineData(double.NaN)]
    public void Constructor_WhenRhoIsOutside_SaysWhatIsAllowed(double rho)
    {
        var error = Assert.Throws<KindException>(() => new KarrasGrid(rho));
        Assert.Contains("allowed: 1 or more", error.Message, StringComparison.Ordinal);
    }

    private static double[] Noisy(IGrid grid, ISchedule schedule) => [.. grid.Levels(schedule, 20).SkipLast(1).Select(l => l.Sigma)];

    private static void AssertSigmas(double[] expected, IReadOnlyList<NoiseLevel> levels)
    {
        Assert.Equal(expected.Length, levels.Count);
        for (int k = 0; k < expected.Length; k++)
            Assert.Equal(expected[k], levels[k].Sigma, Tolerances.ReferenceRelative * (expected[k] + 1e-3));
    }
}
