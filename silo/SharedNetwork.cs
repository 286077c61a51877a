using Sweep.Diffusion.Networks;

namespace Sweep.Silo;

/// <summary>A trained network and how long that took, whoever trained it.</summary>
internal sealed record SharedNetwork(TrainedNetwork Network, TimeSpan Took)
{
    public long Bytes => (long)sizeof(float) * Network.Shape.ParameterCount;
}
