using Sweep.Diffusion.Schedules;

namespace Sweep.Tests.Diffusion.Schedules;

public sealed class GeometricGridConformance : GridConformance
{
    protected override IGrid Grid => new GeometricGrid();
}
