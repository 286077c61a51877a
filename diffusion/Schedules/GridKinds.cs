using Sweep.Diffusion.Kinds;

namespace Sweep.Diffusion.Schedules;

/// <summary>Every grid a spec may name.</summary>
public static class GridKinds
{
    public static KindRegistry<IGrid> Registry { get; } =
        new("grid", NativeGrid.Kind, LinearGrid.Kind, GeometricGrid.Kind, KarrasGrid.Kind, UniformLogSnrGrid.Kind);
}
