using Sweep.Diffusion.Samplers;
using Sweep.Diffusion.Schedules;
using Xunit;

namespace Sweep.Tests.Diffusion.Samplers;

public sealed class DdpmTests : SamplerConformance
{
    protected override ISampler Sampler => new Ddpm();

    [Fact]
    public void Sample_WhenOneStepOfTheChain_HasThePosteriorOfEquation7()
    {
        // One step from k = 50 to 49 of 100 betas linear from 1e-3 to 0.2, x0-hat fixed by a unit-variance denoiser.
        IReadOnlyList<NoiseLevel> chain = new VpLinear().NativeGrid(100);
        NoiseLevel from = chain[50];
        NoiseLevel to = chain[51];
        double alphaBar = from.Signal * from.Signal;
        double alphaBarBefore = to.Signal * to.Signal;
        double beta = 1 - (alphaBar / alphaBarBefore);
        const double x = 0.7;
        var denoiser = new GaussianDenoiser(1, 1);
        var x0 = new double[1];
        denoiser.Denoise([x], from, x0);
        double mean = (Math.Sqrt(alphaBarBefore) * beta / (1 - alphaBar) * x0[0])
            + (Math.Sqrt(1 - beta) * (1 - alphaBarBefore) / (1 - alphaBar) * x);
        double std = Math.Sqrt((1 - alphaBarBefore) / (1 - alphaBar) * beta);
        var z = new double[1];
        new StreamNoise(5).Fill(1, 1, z);

        double stepped = Sampler.Sample(denoiser, [from, to], [x], new StreamNoise(5)).Last().X[0];

        Assert.Equal(mean + (std * z[0]), stepped, Tolerances.ReferenceRelative);
    }
}
