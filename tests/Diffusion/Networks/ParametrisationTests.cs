using FsCheck;
using FsCheck.Fluent;
using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Schedules;
using Xunit;

namespace Sweep.Tests.Diffusion.Networks;

public class ParametrisationTests
{
    private static readonly Arbitrary<(Parametrisation, NoiseLevel, double, double, double)> Cases =
        (from parametrisation in Gen.Elements(Enum.GetValues<Parametrisation>())
         from signal in Gen.Choose(1, 1000)
         from logNoise in Gen.Choose(-600, 440)
         from sigmaData in Gen.Choose(1, 500)
         from x0 in Gen.Choose(-300, 300)
         from epsilon in Gen.Choose(-300, 300)
         select (parametrisation, new NoiseLevel(signal / 1000.0, Math.Exp(logNoise / 100.0)), sigmaData / 100.0, x0 / 100.0, epsilon / 100.0)).ToArbitrary();

    /// <summary>A network that hits its target denoises exactly.</summary>
    [Fact]
    public void For_WhenTheNetworkHitsItsTarget_RecoversX0() =>
        Prop.ForAll(Cases, c =>
        {
            (var parametrisation, var level, double sigmaData, double x0, double epsilon) = c;
            var k = ParametrisationCoefficients.For(parametrisation, level, sigmaData);
            double x = (level.Signal * x0) + (level.Noise * epsilon);
            double target = (k.TargetClean * x0) + (k.TargetNoise * epsilon);
            double scale = 1 + Math.Abs(k.SkipScale * x) + Math.Abs(k.OutputScale * target);
            return Math.Abs((k.SkipScale * x) + (k.OutputScale * target) - x0) <= 1e-12 * scale;
        }).QuickCheckThrowOnFailure();

    /// <summary>Input and target have unit variance when x0 has variance sd^2 (EDM's design principle).</summary>
    [Fact]
    public void For_AnyLevel_GivesInputAndTargetUnitVariance() =>
        Prop.ForAll(Cases, c =>
        {
            (var parametrisation, var level, double sigmaData, _, _) = c;
            var k = ParametrisationCoefficients.For(parametrisation, level, sigmaData);
            double input = k.InputScale * k.InputScale * ((level.Signal * level.Signal * sigmaData * sigmaData) + (level.Noise * level.Noise));
            double target = (k.TargetClean * k.TargetClean * sigmaData * sigmaData) + (k.TargetNoise * k.TargetNoise);
            return Math.Abs(input - 1) < 1e-12 && Math.Abs(target - 1) < 1e-12;
        }).QuickCheckThrowOnFailure();

    /// <summary>EDM's own formulas (arXiv 2206.00364, table 1), in its coordinates: signal 1, noise sigma.</summary>
    [Fact]
    public void For_EdmAtSignalOne_IsTheirTable()
    {
        const double Sigma = 2.5, Data = 0.5;
        var k = ParametrisationCoefficients.For(Parametrisation.Edm, new NoiseLevel(1, Sigma), Data);
        double root = Math.Sqrt((Sigma * Sigma) + (Data * Data));
        Assert.Equal(1 / root, k.InputScale, 12);
        Assert.Equal(Data * Data / (root * root), k.SkipScale, 12);
        Assert.Equal(Sigma * Data / root, k.OutputScale, 12);
    }
}
