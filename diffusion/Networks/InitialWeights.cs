using Sweep.Diffusion.Numerics;

namespace Sweep.Diffusion.Networks;

/// <summary>
/// The weights a network starts from. Hidden layers: weights and biases uniform in ±1/sqrt(inputs), the default of PyTorch's Linear (LeCun et al. 1998, up to a constant).
/// Output layer and skip: zero, as in diffusion models since Ho et al. (arXiv 2006.11239), so that training starts from the mean-squared target and the first steps are calm.
/// </summary>
public static class InitialWeights
{
    /// <summary>Draws the buffer of <see cref="MlpLayout"/>, keyed by (seed, <see cref="NoisePurpose.InitialWeights"/>, hidden layer).</summary>
    public static float[] Draw(MlpShape shape, ulong seed)
    {
        var layout = MlpLayout.For(shape);
        float[] weights = new float[layout.Count];
        for (int layer = 0; layer < shape.HiddenLayers; layer++)
        {
            var stream = new PhiloxStream(seed, NoisePurpose.InitialWeights, (uint)layer);
            var weight = layout.HiddenWeights[layer];
            var bias = layout.HiddenBiases[layer];
            double bound = 1 / Math.Sqrt(weight.Columns);
            foreach (ref float w in weights.AsSpan(weight.Offset, weight.Count))
                w = (float)(bound * ((2 * stream.NextDouble()) - 1));
            foreach (ref float b in weights.AsSpan(bias.Offset, bias.Count))
                b = (float)(bound * ((2 * stream.NextDouble()) - 1));
        }

        return weights;
    }
}
