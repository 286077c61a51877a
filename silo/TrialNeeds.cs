using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Training;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;

namespace Sweep.Silo;

/// <summary>Which trials not every silo can run, and what silos of this build can.</summary>
public static class TrialNeeds
{
    /// <summary>What this build offers, whatever its devices: TorchSharp trains beside each of them.</summary>
    public static Abilities Offers => TorchRuntime.Missing is null ? Abilities.Torch : Abilities.None;

    /// <summary>What a silo must offer to run a trial: TorchSharp for networks that the fused trainers don't know.</summary>
    public static Abilities Of(TrialSpec trial) => NetworkKinds.Has(trial.Network.Kind) && !TrialCost.Shape(trial).IsFused ? Abilities.Torch : Abilities.None;

    /// <summary>A trial with its needs and what it is estimated to cost.</summary>
    public static PlannedTrial Plan(TrialSpec trial) => new(trial, TrialCost.Estimate(trial)) { Needs = Of(trial) };
}
