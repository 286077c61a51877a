namespace Sweep.Diffusion.Networks;

/// <summary>
/// Where each weight and bias of a <see cref="MlpShape"/> lies in its flat parameter buffer, without gaps, in the order hidden.0.weight, hidden.0.bias, …,
/// output.weight, output.bias, skip.weight. Weights are row-major (out, in), as PyTorch's Linear stores them. Every backend and the files use this layout;
/// kernels may pad inside.
/// </summary>
public sealed record MlpLayout
{
    private MlpLayout(IReadOnlyList<ParameterBlock> hiddenWeights, IReadOnlyList<ParameterBlock> hiddenBiases, ParameterBlock outputWeight,
        ParameterBlock outputBias, ParameterBlock skip)
    {
        HiddenWeights = hiddenWeights;
        HiddenBiases = hiddenBiases;
        OutputWeight = outputWeight;
        OutputBias = outputBias;
        Skip = skip;
        Blocks = [.. hiddenWeights.Zip(hiddenBiases).SelectMany(p => new[] { p.First, p.Second }), outputWeight, outputBias, skip];
    }

    /// <summary>(width, inputs) for the first hidden layer, (width, width) for the others.</summary>
    public IReadOnlyList<ParameterBlock> HiddenWeights { get; }

    public IReadOnlyList<ParameterBlock> HiddenBiases { get; }

    /// <summary>(d, width).</summary>
    public ParameterBlock OutputWeight { get; }

    public ParameterBlock OutputBias { get; }

    /// <summary>(d, d): from the scaled x straight to the output.</summary>
    public ParameterBlock Skip { get; }

    /// <summary>All of them in order.</summary>
    public IReadOnlyList<ParameterBlock> Blocks { get; }

    /// <summary>Values in the buffer.</summary>
    public int Count => Skip.Offset + Skip.Count;

    public static MlpLayout For(MlpShape shape)
    {
        int offset = 0;
        var weights = new List<ParameterBlock>();
        var biases = new List<ParameterBlock>();
        for (int layer = 0; layer < shape.HiddenLayers; layer++)
        {
            weights.Add(Next($"hidden.{layer}.weight", shape.Width, layer == 0 ? shape.Inputs : shape.Width));
            biases.Add(Next($"hidden.{layer}.bias", shape.Width, 0));
        }

        return new MlpLayout(
            weights,
            biases,
            Next("output.weight", shape.Dimensions, shape.Width),
            Next("output.bias", shape.Dimensions, 0),
            Next("skip.weight", shape.Dimensions, shape.Dimensions));

        ParameterBlock Next(string name, int rows, int columns)
        {
            var block = new ParameterBlock(name, offset, rows, columns);
            offset += block.Count;
            return block;
        }
    }
}
