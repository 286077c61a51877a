using Sweep.Diffusion.Networks;

namespace Sweep.Silo;

/// <summary>A trained network, its snapshots on the way there, and how long that took, whoever trained it.</summary>
internal sealed record SharedNetwork(TrainedNetwork Network, IReadOnlyList<TrainedNetwork> Snapshots, TimeSpan Took)
{
    public long Bytes => (long)sizeof(float) * Network.Shape.ParameterCount * (1 + Snapshots.Count);
}
