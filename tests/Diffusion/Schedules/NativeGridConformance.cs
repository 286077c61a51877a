using Sweep.Diffusion.Schedules;

namespace Sweep.Tests.Diffusion.Schedules;

public sealed class NativeGridConformance : GridConformance
{
    protected override IGrid Grid => new NativeGrid();
}
