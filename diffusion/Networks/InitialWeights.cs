using Sweep.Diffusion.Numerics;

namespace Sweep.Diffusion.Networks;

/// <summary>
/// The weights a network starts from. Hidden layers: normal with variance gain^2 / inputs (He et al., arXiv 1502.01852), which keeps the
/// signal's size from layer to layer; biases uniform in ±1/sqrt(inputs), PyTorch's default for Linear. PyTorch's default weights have a sixth of that
/// variance, and with them a SiLU network of three layers whose target has no linear part (v, EDM) stays on the plateau at loss 1 for thousands of
/// steps (seen in PyTorch too). Output layer and skip: zero, as in diffusion models since Ho et al. (arXiv 2006.11239), so that the
/// first steps are calm.
/// </summary>
public static class InitialWeights
{
    /// <summary>Weights drawn between looks at the cancellation: about a millisecond.</summary>
    private const int CheckedWeights = 1 << 14;

    /// <summary>Draws the buffer of <see cref="MlpLayout"/>, keyed by (seed, <see cref="NoisePurpose.InitialWeights"/>, hidden layer).</summary>
    /// <exception cref="OperationCanceledException">Asked to stop: the widest networks' millions of weights take a while.</exception>
    public static float[] Draw(MlpShape shape, ulong seed, CancellationToken cancellation = default)
    {
        var layout = MlpLayout.For(shape);
        float[] weights = new float[layout.Count];
        for (int layer = 0; layer < shape.HiddenLayers; layer++)
        {
            var stream = new PhiloxStream(seed, NoisePurpose.InitialWeights, (uint)layer);
            var weight = layout.HiddenWeights[layer];
            double gain = Gain(shape.Activation);
            for (int i = 0; i < weight.Count; i++)
            {
                if (i % CheckedWeights == 0)
                    cancellation.ThrowIfCancellationRequested();

                // In the first layer, the data's few columns and the many time features bring half of the variance each.
                int column = i % weight.Columns;
                int sharers = layer > 0 ? weight.Columns : 2 * (column < shape.Dimensions ? shape.Dimensions : shape.TimeFeatures);
                weights[weight.Offset + i] = (float)(gain / Math.Sqrt(sharers) * stream.NextNormal());
            }

            var bias = layout.HiddenBiases[layer];
            double bound = 1 / Math.Sqrt(weight.Columns);
            foreach (ref float b in weights.AsSpan(bias.Offset, bias.Count))
                b = (float)(bound * ((2 * stream.NextDouble()) - 1));
        }

        return weights;
    }

    /// <summary>
    /// Draws the parameters that <see cref="ParameterBlock.Start"/> says how to, keyed by (seed, <see cref="NoisePurpose.InitialWeights"/>, index of the
    /// block).
    /// </summary>
    /// <exception cref="OperationCanceledException">Asked to stop.</exception>
    public static float[] Draw(IReadOnlyList<ParameterBlock> blocks, ulong seed, CancellationToken cancellation = default)
    {
        float[] weights = new float[blocks[^1].Offset + blocks[^1].Count];
        for (int block = 0; block < blocks.Count; block++)
        {
            (double mean, double deviation) = blocks[block].Start;
            var values = weights.AsSpan(blocks[block].Offset, blocks[block].Count);
            values.Fill((float)mean);
            var stream = new PhiloxStream(seed, NoisePurpose.InitialWeights, (uint)block);
            for (int i = 0; deviation > 0 && i < values.Length; i++)
            {
                if (i % CheckedWeights == 0)
                    cancellation.ThrowIfCancellationRequested();
                values[i] += (float)(deviation * stream.NextNormal());
            }
        }

        return weights;
    }

    /// <summary>sqrt(2) where half of the signal is cut off; 5/3 for tanh, as PyTorch's <c>calculate_gain</c> has it.</summary>
    internal static double Gain(Activation activation) => activation == Activation.Tanh ? 5.0 / 3 : Math.Sqrt(2);
}
