namespace Sweep.Diffusion.Networks;

/// <summary>
/// The network and its gradient written to be read, in double precision: the meaning of <see cref="MlpLayout"/>'s weights, and the oracle that every fast
/// backend is tested against. Slow.
/// </summary>
public static class ReferenceMlp
{
    /// <summary>The output (d) for one input row (d + time features): h = act(W h + b) per hidden layer, then W h + b + S x.</summary>
    public static double[] Forward(MlpShape shape, ReadOnlySpan<double> weights, ReadOnlySpan<double> input)
    {
        var layout = MlpLayout.For(shape);
        double[] h = input.ToArray();
        for (int layer = 0; layer < shape.HiddenLayers; layer++)
            h = [.. Affine(weights, layout.HiddenWeights[layer], layout.HiddenBiases[layer], h).Select(z => Value(shape.Activation, z))];
        return Output(weights, layout, h, input);
    }

    /// <summary>The mean over rows and dimensions of rowWeight |F - target|^2, and its gradient in the layout of the weights.</summary>
    /// <param name="shape">The network.</param>
    /// <param name="weights">As <see cref="MlpLayout"/>.</param>
    /// <param name="inputs">Row-major (n, d + time features).</param>
    /// <param name="targets">Row-major (n, d).</param>
    /// <param name="rowWeights">(n).</param>
    public static (double Loss, double[] Gradient) LossAndGradient(
        MlpShape shape, ReadOnlySpan<double> weights, ReadOnlySpan<double> inputs, ReadOnlySpan<double> targets, ReadOnlySpan<double> rowWeights)
    {
        var layout = MlpLayout.For(shape);
        int d = shape.Dimensions, rows = rowWeights.Length;
        double[] gradient = new double[layout.Count];
        double loss = 0;
        for (int row = 0; row < rows; row++)
        {
            var input = inputs.Slice(row * shape.Inputs, shape.Inputs);
            var activations = new List<double[]> { input.ToArray() };
            var slopes = new List<double[]>();
            for (int layer = 0; layer < shape.HiddenLayers; layer++)
            {
                double[] z = Affine(weights, layout.HiddenWeights[layer], layout.HiddenBiases[layer], activations[^1]);
                activations.Add([.. z.Select(v => Value(shape.Activation, v))]);
                slopes.Add([.. z.Select(v => Slope(shape.Activation, v))]);
            }

            double[] output = Output(weights, layout, activations[^1], input);
            double[] upstream = new double[d];
            for (int i = 0; i < d; i++)
            {
                double difference = output[i] - targets[(row * d) + i];
                loss += rowWeights[row] * difference * difference / (rows * d);
                upstream[i] = 2 * rowWeights[row] * difference / (rows * d);
            }

            for (int i = 0; i < d; i++)
            {
                for (int j = 0; j < d; j++)
                    gradient[layout.Skip.Offset + (i * d) + j] += upstream[i] * input[j];
            }

            upstream = Back(weights, layout.OutputWeight, layout.OutputBias, activations[^1], upstream, gradient);
            for (int layer = shape.HiddenLayers - 1; layer >= 0; layer--)
            {
                for (int i = 0; i < upstream.Length; i++)
                    upstream[i] *= slopes[layer][i];
                upstream = Back(weights, layout.HiddenWeights[layer], layout.HiddenBiases[layer], activations[layer], upstream, gradient);
            }
        }

        return (loss, gradient);
    }

    /// <summary>The activation itself.</summary>
    public static double Value(Activation activation, double z) => activation switch
    {
        Activation.Silu => z / (1 + Math.Exp(-z)),
        Activation.Relu => Math.Max(0, z),
        Activation.Tanh => Math.Tanh(z),
        Activation.Gelu => z * NormalDistribution(z),
        _ => throw new ArgumentOutOfRangeException(nameof(activation)),
    };

    /// <summary>Its derivative.</summary>
    public static double Slope(Activation activation, double z)
    {
        double s = 1 / (1 + Math.Exp(-z)), t = Math.Tanh(z);
        return activation switch
        {
            Activation.Silu => s + (z * s * (1 - s)),
            Activation.Relu => z > 0 ? 1 : 0,
            Activation.Tanh => 1 - (t * t),
            Activation.Gelu => NormalDistribution(z) + (z * Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI)),
            _ => throw new ArgumentOutOfRangeException(nameof(activation)),
        };
    }

    private static double NormalDistribution(double z) => MathNet.Numerics.SpecialFunctions.Erfc(-z / Math.Sqrt(2)) / 2;

    private static double[] Output(ReadOnlySpan<double> weights, MlpLayout layout, double[] h, ReadOnlySpan<double> input)
    {
        double[] output = Affine(weights, layout.OutputWeight, layout.OutputBias, h);
        for (int i = 0; i < output.Length; i++)
        {
            for (int j = 0; j < output.Length; j++)
                output[i] += weights[layout.Skip.Offset + (i * output.Length) + j] * input[j];
        }

        return output;
    }

    private static double[] Affine(ReadOnlySpan<double> weights, ParameterBlock weight, ParameterBlock bias, double[] x)
    {
        double[] y = weights.Slice(bias.Offset, bias.Count).ToArray();
        for (int i = 0; i < weight.Rows; i++)
        {
            for (int j = 0; j < weight.Columns; j++)
                y[i] += weights[weight.Offset + (i * weight.Columns) + j] * x[j];
        }

        return y;
    }

    /// <summary>Adds the layer's parameter gradients and returns the gradient of its input.</summary>
    private static double[] Back(ReadOnlySpan<double> weights, ParameterBlock weight, ParameterBlock bias, double[] x, double[] upstream, double[] gradient)
    {
        double[] result = new double[weight.Columns];
        for (int i = 0; i < weight.Rows; i++)
        {
            gradient[bias.Offset + i] += upstream[i];
            for (int j = 0; j < weight.Columns; j++)
            {
                gradient[weight.Offset + (i * weight.Columns) + j] += upstream[i] * x[j];
                result[j] += upstream[i] * weights[weight.Offset + (i * weight.Columns) + j];
            }
        }

        return result;
    }
}
