using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Schedules;
using Sweep.Grains.Specs;
using Sweep.Silo.Preparation;

namespace Sweep.Silo.Diagnostics;

/// <summary>A trial's model with all that its diagnostics take.</summary>
internal sealed record DiagnosticInput
{
    public required TrialSpec Trial { get; init; }

    public required PreparedData Data { get; init; }

    public required ISchedule Schedule { get; init; }

    /// <summary>What is diagnosed: the network at the end of its training, or a reference denoiser.</summary>
    public required IDenoiser Model { get; init; }

    /// <summary>The network after each of the <c>training_steps</c>; empty where nothing is trained.</summary>
    public IReadOnlyList<TrainedNetwork> Snapshots { get; init; } = [];

    /// <summary>Its validation losses on the way, beside L*; null where nothing is trained or they are not asked for.</summary>
    public MeasuredLosses? Losses { get; init; }
}
