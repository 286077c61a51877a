using Sweep.Diffusion.Schedules;

namespace Sweep.Tests.Diffusion.Schedules;

public sealed class KarrasGridConformance : GridConformance
{
    protected override IGrid Grid => new KarrasGrid();
}
