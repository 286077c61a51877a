using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Diagnostics;
using Sweep.Diffusion.Networks.Reference;
using Sweep.Diffusion.Schedules;
using Xunit;

namespace Sweep.Tests.Diffusion.Diagnostics;

public sealed class SymmetryBreakingTests
{
    /// <summary>
    /// Two equal Gaussians at +-(0.6, 0.8) with variance 0.04: the gain is (s^2 + sigma^2 / (s^2 + sigma^2)) / (s^2 + sigma^2), 1 at sigma = sqrt(1 - 0.04) =
    /// 0.9798.
    /// </summary>
    [Fact]
    public void Measure_OfTwoEqualGaussians_IsTheClosedForm()
    {
        var denoiser = new ExactDenoiser(GaussianMixture.Isotropic([0.5, 0.5], [0.6, 0.8, -0.6, -0.8], [0.2, 0.2]));
        double[] sigmas = [0.1, 0.5, 0.97, 0.99, 2];
        SymmetryBreaking found = SymmetryBreaking.Measure(denoiser, [0, 0], [.. sigmas.Select(s => new NoiseLevel(1, s))]);

        // The differences err by the square of their width, relative to how sharply the modes part.
        Assert.All(sigmas.Zip(found.Gains), p => Relative(Gain(p.First), p.Second, p.First < 0.5 ? 0.05 : 2e-3));
        Relative(Math.Sqrt(0.96), found.Sigma, 2e-3);
    }

    /// <summary>The scaling of a variance-preserving level changes nothing in y = x / a.</summary>
    [Fact]
    public void Measure_OnAScaledLevel_IsTheSame()
    {
        var denoiser = new ExactDenoiser(GaussianMixture.Isotropic([0.5, 0.5], [0.6, 0.8, -0.6, -0.8], [0.2, 0.2]));
        double plain = SymmetryBreaking.Measure(denoiser, [0, 0], [new NoiseLevel(1, 0.75)]).Gains[0],
            scaled = SymmetryBreaking.Measure(denoiser, [0, 0], [new NoiseLevel(0.8, 0.6)]).Gains[0];
        Relative(plain, scaled, 1e-9);
    }

    /// <summary>N(mean, diag(4, 1)): lambda / (lambda + sigma^2) along the wider axis, never above 1.</summary>
    [Fact]
    public void Measure_OfAGaussian_NeverBreaks()
    {
        var denoiser = GaussianDenoiser.Fit(new PointSet([3, 1, -1, 1, 1, 2, 1, 0], 2));
        SymmetryBreaking found = SymmetryBreaking.Measure(denoiser, [1, 1], [new NoiseLevel(1, 0.5), new NoiseLevel(1, 2)]);
        Relative(2 / 2.25, found.Gains[0], 1e-9);
        Relative(2 / 6.0, found.Gains[1], 1e-9);
        Assert.Null(found.Sigma);
    }

    private static void Relative(double expected, double? actual, double tolerance) => Assert.InRange(actual!.Value / expected, 1 - tolerance, 1 + tolerance);

    private static double Gain(double sigma)
    {
        double total = 0.04 + (sigma * sigma);
        return (0.04 + (sigma * sigma / total)) / total;
    }
}
