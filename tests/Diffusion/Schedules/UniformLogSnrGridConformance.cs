using Sweep.Diffusion.Schedules;

namespace Sweep.Tests.Diffusion.Schedules;

public sealed class UniformLogSnrGridConformance : GridConformance
{
    protected override IGrid Grid => new UniformLogSnrGrid();
}
