using Sweep.Diffusion.Samplers;

namespace Sweep.Tests.Diffusion.Samplers;

public sealed class DpmSolverV3LowerOrderFinalConformance : FlowSamplerConformance
{
    protected override ISampler Sampler => new DpmSolverV3(statisticsLevels: 64, statisticsPoints: 64);

    protected override int Order => 3;

    protected override int TapeTerms(int steps) => steps + 1;
}
