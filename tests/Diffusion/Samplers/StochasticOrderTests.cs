using Sweep.Diffusion.Samplers;
using Xunit;

namespace Sweep.Tests.Diffusion.Samplers;

/// <summary>
/// Stochastic samplers converge in law: ancestral steps at first order; EDM's at second, because the noise that it adds is exact in law and Heun's step is of
/// second order.
/// </summary>
public sealed class StochasticOrderTests
{
    public static TheoryData<string, int> Samplers => new() { { "ddpm", 1 }, { "ddim eta 1", 1 }, { "ddim eta 0.5", 1 }, { "edm-stochastic", 2 } };

    [Theory]
    [MemberData(nameof(Samplers))]
    public void Sample_WhenDataAreGaussian_ConvergesInLawAtItsOrder(string sampler, int order) => Check(sampler, order, [1], [0.2], [0.5]);

    [Theory]
    [MemberData(nameof(Samplers))]
    public void Sample_WhenDataAreAMixture_ConvergesInLawAtItsOrder(string sampler, int order) => Check(sampler, order, [0.3, 0.7], [-1.2, 0.6], [0.4, 0.5]);

    private static void Check(string sampler, int order, double[] weights, double[] means, double[] stds)
    {
        double coarse = WeakError.Of(Step, weights, means, stds, 80), fine = WeakError.Of(Step, weights, means, stds, 160);
        Assert.InRange(Math.Log2(coarse / fine), order - Tolerances.WeakOrder, order + Tolerances.WeakOrder);

        // One step of so many: EDM's sampler spreads its churn over the steps of the grid that it is given.
        ISampler Step(int steps) => sampler switch
        {
            "ddpm" => new Ddpm(),
            "ddim eta 1" => new Ddim(1),
            "ddim eta 0.5" => new Ddim(0.5),
            // No noise before the step to clean, which is a denoising at the level that it starts from.
            _ => new EdmStochastic(churn: 10.0 / steps, tmin: 0.3, tmax: 1e6),
        };
    }
}
