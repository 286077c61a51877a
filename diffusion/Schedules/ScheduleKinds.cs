using Sweep.Diffusion.Kinds;

namespace Sweep.Diffusion.Schedules;

/// <summary>Every schedule a spec may name.</summary>
public static class ScheduleKinds
{
    public static KindRegistry<ISchedule> Registry { get; } =
        new("schedule", VpLinear.Kind, VpCosine.Kind, VeGeometric.Kind, EdmKarras.Kind);
}
