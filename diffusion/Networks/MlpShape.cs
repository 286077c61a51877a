namespace Sweep.Diffusion.Networks;

/// <summary>
/// A multilayer perceptron on noisy data: input [scaled x (d), time features], hidden layers of one width, output d, and a linear skip (d x d, no bias) from the scaled x to the
/// output, which keeps widths below d usable.
/// </summary>
public sealed record MlpShape
{
    public const int MinimumWidth = 4;
    public const int MaximumWidth = 1024;
    public const int MaximumHiddenLayers = 8;
    public const int DefaultTimeFeatures = 32;

    /// <summary>Most input columns (dimensions plus time features) the kernels take.</summary>
    public const int MaximumInputs = 1040;

    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range.</exception>
    public MlpShape(int dimensions, int timeFeatures, int width, int hiddenLayers, Activation activation)
    {
        Check(nameof(width), width, MinimumWidth, MaximumWidth);
        Check("hidden_layers", hiddenLayers, 1, MaximumHiddenLayers);
        Check("time_features", timeFeatures, 2, 256);
        Check(nameof(dimensions), dimensions, 1, MaximumInputs - timeFeatures);
        if (timeFeatures % 2 != 0)
            throw new ArgumentOutOfRangeException(nameof(timeFeatures), $"time_features: {timeFeatures}; allowed: an even number (sines and cosines)");
        if (!Enum.IsDefined(activation))
            throw new ArgumentOutOfRangeException(nameof(activation), $"activation: {activation}; allowed: {string.Join(", ", Enum.GetNames<Activation>()).ToLowerInvariant()}");
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

    /// <summary>Units in each hidden layer.</summary>
    public int Width { get; }

    public int HiddenLayers { get; }

    public Activation Activation { get; }

    /// <summary>Input columns: <see cref="Dimensions"/> + <see cref="TimeFeatures"/>.</summary>
    public int Inputs => Dimensions + TimeFeatures;

    /// <summary>Weights and biases, skip included.</summary>
    public int ParameterCount => MlpLayout.For(this).Count;

    private static void Check(string name, int value, int minimum, int maximum)
    {
        if (value < minimum || value > maximum)
            throw new ArgumentOutOfRangeException(name, $"{name}: {value}; allowed: {minimum} to {maximum}");
    }
}
