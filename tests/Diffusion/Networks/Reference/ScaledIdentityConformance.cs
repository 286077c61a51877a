using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Networks.Reference;
using Sweep.Diffusion.Schedules;
using Xunit;

namespace Sweep.Tests.Diffusion.Networks.Reference;

public sealed class ScaledIdentityConformance : ReferenceDenoiserConformance
{
    protected override IDenoiser Create(PointSet training) => GaussianDenoiser.FitScaledIdentity(training);

    protected override (double[] Nodes, double[] Weights) Prior(PointSet training)
    {
        (double mean, double variance) = Moments(training);
        return Grid(v => Normal(v, mean, variance));
    }

    [Fact]
    public void FitScaledIdentity_Always_KeepsTheTotalVariance()
    {
        PointSet training = new([.. Bimodal(40, 2).Values.Select((v, i) => i % 2 == 0 ? v : 3 * v)], 2);
        GaussianDenoiser full = GaussianDenoiser.Fit(training), control = GaussianDenoiser.FitScaledIdentity(training);
        double[] a = new double[2], b = new double[2];
        control.Denoise([1, 0], new NoiseLevel(1, 1), a);
        control.Denoise([0, 1], new NoiseLevel(1, 1), b);

        Assert.Equal(full.Variances.ToArray().Sum(), control.Variances.ToArray().Sum(), Tolerances.ReferenceRelative);
        Assert.Single(control.Variances.ToArray().Distinct());
        Assert.Equal(a[0] - b[0], b[1] - a[1], Tolerances.ReferenceRelative);
    }
}
