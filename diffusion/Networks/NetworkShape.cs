namespace Sweep.Diffusion.Networks;

/// <summary>
/// What decides a network's parameters, apart from their values: its kind and five numbers that every kind reads its own way. The network takes the scaled x
/// (d) and the time features, and says d numbers. Immutable; equal when kind and numbers are.
/// </summary>
public abstract record NetworkShape
{
    public const int MinimumWidth = 4;
    public const int MaximumHiddenLayers = 8;

    /// <param name="dimensions">d, of the data.</param>
    /// <param name="timeFeatures">Sines and cosines of the noise level that are fed in, an even number.</param>
    /// <param name="width">Units, or channels.</param>
    /// <param name="maximumWidth">Of the kind.</param>
    /// <param name="hiddenLayers">Layers, or residual blocks.</param>
    /// <param name="activation">After each.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range.</exception>
    protected NetworkShape(int dimensions, int timeFeatures, int width, int maximumWidth, int hiddenLayers, Activation activation)
    {
        Check(nameof(width), width, MinimumWidth, maximumWidth);
        Check("hidden_layers", hiddenLayers, 1, MaximumHiddenLayers);
        Check("time_features", timeFeatures, 2, 256);
        Check(nameof(dimensions), dimensions, 1, MlpShape.MaximumInputs - timeFeatures);
        if (timeFeatures % 2 != 0)
            throw new ArgumentOutOfRangeException(nameof(timeFeatures), $"time_features: {timeFeatures}; allowed: an even number (sines and cosines)");
        if (!Enum.IsDefined(activation))
            throw new ArgumentOutOfRangeException(nameof(activation),
                $"activation: {activation}; allowed: {string.Join(", ", Enum.GetNames<Activation>()).ToLowerInvariant()}");
        Dimensions = dimensions;
        TimeFeatures = timeFeatures;
        Width = width;
        HiddenLayers = hiddenLayers;
        Activation = activation;
    }

    /// <summary>d, of the data.</summary>
    public int Dimensions { get; }

    /// <summary>How many sines and cosines of the noise level are fed in.</summary>
    public int TimeFeatures { get; }

    /// <summary>Units in each hidden layer, or channels at full resolution.</summary>
    public int Width { get; }

    /// <summary>Hidden layers, or residual blocks (of a U-Net: at each resolution, each way).</summary>
    public int HiddenLayers { get; }

    public Activation Activation { get; }

    /// <summary>One of <see cref="NetworkKinds"/>.</summary>
    public abstract string Kind { get; }

    /// <summary>The parameters in the order of their flat buffer, without gaps.</summary>
    public abstract IReadOnlyList<ParameterBlock> Blocks { get; }

    /// <summary>Multiplications of one row's forward pass, about.</summary>
    public abstract double Multiplications { get; }

    /// <summary>Whether our own kernels train it and sample from it; the others need TorchSharp.</summary>
    public abstract bool IsFused { get; }

    /// <summary>Weights, biases and all.</summary>
    public int ParameterCount => Blocks[^1].Offset + Blocks[^1].Count;

    /// <summary>The values it starts from, in the order of <see cref="Blocks"/>: a pure function of shape and seed.</summary>
    /// <exception cref="OperationCanceledException">Asked to stop.</exception>
    public abstract float[] DrawWeights(ulong seed, CancellationToken cancellation = default);

    private static void Check(string name, int value, int minimum, int maximum)
    {
        if (value < minimum || value > maximum)
            throw new ArgumentOutOfRangeException(name, $"{name}: {value}; allowed: {minimum} to {maximum}");
    }
}
