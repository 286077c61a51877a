using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Training;
using Sweep.Silo.Diagnostics;

namespace Sweep.Silo;

/// <summary>A trained network, whoever trained it.</summary>
/// <param name="Network">After the last step.</param>
/// <param name="Snapshots">Itself after each of the spec's <c>diagnostics.training_steps</c>.</param>
/// <param name="Took">How long training it took.</param>
/// <param name="Device">Where it was trained, in words.</param>
internal sealed record SharedNetwork(TrainedNetwork Network, IReadOnlyList<TrainedNetwork> Snapshots, TimeSpan Took, string Device)
{
    /// <summary>On held-out points, where <c>diagnostics.validation_loss</c> asks for them.</summary>
    public LossHistory? Losses { get; init; }

    public long Bytes => (long)sizeof(float) * Network.Shape.ParameterCount * (1 + Snapshots.Count)
        + (Losses is null ? 0 : sizeof(float) * (long)Losses.Steps.Count * ValidationLoss.MaxRows);
}
