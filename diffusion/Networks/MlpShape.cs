namespace Sweep.Diffusion.Networks;

/// <summary>
/// A multilayer perceptron on noisy data: input [scaled x (d), time features], hidden layers of one width, output d, and a linear skip (d x d, no bias) from
/// the scaled x to the output, which keeps widths below d usable.
/// </summary>
public sealed record MlpShape : NetworkShape
{
    /// <summary>Our own kernels take widths up to this.</summary>
    public const int FusedWidth = 1024;

    /// <summary>The largest through TorchSharp: a checkpoint of eight layers, weights and two moments, is near the 2 GB of one array.</summary>
    public const int MaximumWidth = 4096;

    public const int DefaultTimeFeatures = 32;

    /// <summary>Most input columns (dimensions plus time features) the kernels take.</summary>
    public const int MaximumInputs = 1040;

    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range.</exception>
    public MlpShape(int dimensions, int timeFeatures, int width, int hiddenLayers, Activation activation)
        : base(dimensions, timeFeatures, width, MaximumWidth, hiddenLayers, activation)
    {
    }

    /// <inheritdoc/>
    public override string Kind => NetworkKinds.Mlp;

    /// <inheritdoc/>
    public override IReadOnlyList<ParameterBlock> Blocks => MlpLayout.For(this).Blocks;

    /// <inheritdoc/>
    public override double Multiplications => ParameterCount;

    /// <inheritdoc/>
    public override bool IsFused => Width <= FusedWidth;

    /// <summary>Input columns: dimensions plus time features.</summary>
    public int Inputs => Dimensions + TimeFeatures;

    /// <inheritdoc/>
    public override float[] DrawWeights(ulong seed, CancellationToken cancellation = default) => InitialWeights.Draw(this, seed, cancellation);
}
