using Sweep.Diffusion.Networks;

namespace Sweep.Silo;

/// <summary>A trained network, whoever trained it.</summary>
/// <param name="Network">After the last step.</param>
/// <param name="Snapshots">Itself after each of the spec's <c>diagnostics.training_steps</c>.</param>
/// <param name="Took">How long training it took.</param>
/// <param name="Device">Where it was trained, for people.</param>
internal sealed record SharedNetwork(TrainedNetwork Network, IReadOnlyList<TrainedNetwork> Snapshots, TimeSpan Took, string Device)
{
    public long Bytes => (long)sizeof(float) * Network.Shape.ParameterCount * (1 + Snapshots.Count);
}
