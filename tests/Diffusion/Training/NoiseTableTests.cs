using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Schedules;
using Sweep.Diffusion.Training;
using Xunit;

namespace Sweep.Tests.Diffusion.Training;

public class NoiseTableTests
{
    public static TheoryData<string, NoiseDistribution> Distributions => new()
    {
        { "time", NoiseDistribution.UniformTime },
        { "sigma", NoiseDistribution.UniformSigma },
        { "log sigma", NoiseDistribution.LogUniformSigma },
        { "log-normal", NoiseDistribution.LogNormalSigma() },
    };

    [Theory]
    [MemberData(nameof(Distributions))]
    public void Levels_OfAnyDistribution_RiseWithinTheSchedule(string name, NoiseDistribution distribution)
    {
        var schedule = new EdmKarras();
        var table = new NoiseTable(new TrainingDesign { Schedule = schedule, Distribution = distribution, Parametrisation = Parametrisation.Edm }, 0.5, 32);
        Assert.Equal(NoiseTable.Rows, table.Levels.Count);
        double previous = 0;
        foreach (var level in table.Levels)
        {
            Assert.True(level.Sigma >= previous, $"{name}: {level.Sigma} after {previous}");
            previous = level.Sigma;
        }

        Assert.InRange(table.Levels[0].Sigma, schedule.At(0).Sigma, table.Levels[^1].Sigma);
        Assert.InRange(table.Levels[^1].Sigma, table.Levels[0].Sigma, schedule.At(1).Sigma);
    }

    [Fact]
    public void Levels_OfEdmsDistribution_HaveItsMedianAndQuartiles()
    {
        var table = new NoiseTable(new TrainingDesign { Schedule = new EdmKarras(), Distribution = NoiseDistribution.LogNormalSigma() }, 0.5, 2);
        double Between(int row) => (Math.Log(table.Levels[row - 1].Sigma) + Math.Log(table.Levels[row].Sigma)) / 2;
        Assert.Equal(-1.2, Between(2048), 6);
        Assert.Equal(-1.2 + (1.2 * 0.6744897501960817), Between(3072), 6);
    }

    [Fact]
    public void Constructor_OnLogUniformWithAScheduleThatStartsAtZero_SaysWhatIsAllowed()
    {
        var e = Assert.Throws<TrainingDesignException>(() =>
            new NoiseTable(new TrainingDesign { Schedule = new VpLinear(), Distribution = NoiseDistribution.LogUniformSigma }, 1, 32));
        Assert.Contains("allowed: ", e.Message, StringComparison.Ordinal);
    }

    /// <summary>EDM's weighting cancels its preconditioning: 1 on the network's own target (arXiv 2206.00364, table 1).</summary>
    [Theory]
    [InlineData(Parametrisation.Edm, LossWeighting.Edm)]
    [InlineData(Parametrisation.V, LossWeighting.Edm)]
    [InlineData(Parametrisation.Epsilon, LossWeighting.Epsilon)]
    [InlineData(Parametrisation.Epsilon, LossWeighting.InverseSigma2)]
    public void Weight_OfTheNaturalPair_IsOne(Parametrisation parametrisation, LossWeighting weighting)
    {
        var design = new TrainingDesign { Schedule = new VpLinear(), Parametrisation = parametrisation, Weighting = weighting };
        Assert.Equal(1, design.Weight(new NoiseLevel(0.8, 0.9), 0.7), 12);
    }

    [Fact]
    public void Weight_OfMinSnr_IsHeldAtFiveOnX0()
    {
        var design = new TrainingDesign { Schedule = new VpLinear(), Parametrisation = Parametrisation.X0, Weighting = LossWeighting.MinSnr };
        Assert.Equal(5, design.Weight(new NoiseLevel(1, 0.01), 1), 12);
        Assert.Equal(0.25, design.Weight(new NoiseLevel(1, 2), 1), 12);
    }

    /// <summary>A row's coefficients are what <see cref="ParametrisationCoefficients"/> says of its level.</summary>
    [Fact]
    public void Coefficients_OfARow_MakeInputAndTarget()
    {
        var design = new TrainingDesign { Schedule = new VpCosine(), Parametrisation = Parametrisation.V };
        var table = new NoiseTable(design, 0.7, 4);
        var level = table.Levels[1000];
        Assert.Equal(design.Schedule.At(1000.5 / 4096), level);
        var c = ParametrisationCoefficients.For(Parametrisation.V, level, 0.7);
        var row = table.Coefficients.Slice(1000 * NoiseTable.CoefficientStride, NoiseTable.CoefficientStride);
        Assert.Equal((float)(c.InputScale * level.Signal), row[NoiseTable.InputClean]);
        Assert.Equal((float)(c.InputScale * level.Noise), row[NoiseTable.InputNoise]);
        Assert.Equal((float)c.TargetClean, row[NoiseTable.TargetClean]);
        Assert.Equal((float)c.TargetNoise, row[NoiseTable.TargetNoise]);
        Assert.Equal(1, row[NoiseTable.Weight]);
    }
}
