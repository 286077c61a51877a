using Sweep.Diffusion.Samplers;

namespace Sweep.Tests.Diffusion.Samplers;

public sealed class DpmSolverV3Order2Conformance : FlowSamplerConformance
{
    protected override ISampler Sampler => new DpmSolverV3(order: 2, statisticsLevels: 64, statisticsPoints: 64);

    protected override int Order => 2;

    protected override int TapeTerms(int steps) => steps + 1;
}
