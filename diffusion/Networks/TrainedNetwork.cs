namespace Sweep.Diffusion.Networks;

/// <summary>A trained network with all that using it takes. Immutable, provided nobody writes to <see cref="Weights"/>.</summary>
public sealed record TrainedNetwork
{
    public required NetworkShape Shape { get; init; }

    /// <summary>The network, for denoisers with kernels of their own.</summary>
    /// <exception cref="InvalidOperationException">It is none of theirs.</exception>
    internal MlpShape Mlp => Shape is MlpShape { IsFused: true } mlp
        ? mlp
        : throw new InvalidOperationException(
            $"network: {Shape.Kind} of width {Shape.Width}; allowed here: {NetworkKinds.Mlp} up to width {MlpShape.FusedWidth}");

    public required Parametrisation Parametrisation { get; init; }

    /// <summary>The training data's root mean square.</summary>
    public required double SigmaData { get; init; }

    /// <summary>In the order of <see cref="NetworkShape.Blocks"/>.</summary>
    public required float[] Weights { get; init; }

    /// <summary>The training loss curve; empty when loaded from a file.</summary>
    public IReadOnlyList<LossPoint> Losses { get; init; } = [];
}
