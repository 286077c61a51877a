using Sweep.Diffusion.Schedules;

namespace Sweep.Tests.Diffusion.Schedules;

public sealed class LinearGridConformance : GridConformance
{
    protected override IGrid Grid => new LinearGrid();
}
