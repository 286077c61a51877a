namespace Sweep.Diffusion.Networks;

/// <summary>Layers by name over a flat buffer, in double and one row at a time. Slow.</summary>
/// <param name="blocks">Where each tensor is.</param>
/// <param name="weights">The buffer.</param>
internal sealed class ReferenceLayers(IReadOnlyList<ParameterBlock> blocks, double[] weights)
{
    /// <summary>W x + b.</summary>
    public double[] Linear(string name, double[] x)
    {
        double[] y = Product(name, x);
        var bias = Values($"{name}.bias");
        for (int i = 0; i < y.Length; i++)
            y[i] += bias[i];
        return y;
    }

    /// <summary>W x.</summary>
    public double[] Product(string name, double[] x)
    {
        var block = Block($"{name}.weight");
        double[] y = new double[block.Rows];
        for (int i = 0; i < block.Rows; i++)
        {
            for (int j = 0; j < block.Columns; j++)
                y[i] += weights[block.Offset + (i * block.Columns) + j] * x[j];
        }

        return y;
    }

    /// <summary>3 x 3 with zeros around, of images (channels, side, side); a stride of 2 halves the side.</summary>
    public double[][,] Convolution(string name, double[][,] x, int stride = 1)
    {
        var block = Block($"{name}.weight");
        var bias = Values($"{name}.bias");
        int side = x[0].GetLength(0), smaller = (side - 1) / stride + 1;
        var y = new double[block.Rows][,];
        for (int channel = 0; channel < y.Length; channel++)
        {
            y[channel] = new double[smaller, smaller];
            for (int row = 0; row < smaller; row++)
            {
                for (int column = 0; column < smaller; column++)
                    y[channel][row, column] = bias[channel] + Around(block, channel, x, row * stride, column * stride);
            }
        }

        return y;
    }

    /// <summary>Each pixel's channels by themselves: a convolution of 1 x 1.</summary>
    public double[][,] Pixelwise(string name, double[][,] x)
    {
        int side = x[0].GetLength(0);
        var y = Enumerable.Range(0, Block($"{name}.weight").Rows).Select(_ => new double[side, side]).ToArray();
        for (int row = 0; row < side; row++)
        {
            for (int column = 0; column < side; column++)
            {
                double[] pixel = Linear(name, [.. x.Select(c => c[row, column])]);
                for (int channel = 0; channel < y.Length; channel++)
                    y[channel][row, column] = pixel[channel];
            }
        }

        return y;
    }

    public ReadOnlySpan<double> Values(string name) => weights.AsSpan(Block(name).Offset, Block(name).Count);

    private ParameterBlock Block(string name) => blocks.First(b => string.Equals(b.Name, name, StringComparison.Ordinal));

    private double Around(ParameterBlock block, int channel, double[][,] x, int row, int column)
    {
        double sum = 0;
        int side = x[0].GetLength(0);
        for (int from = 0; from < x.Length; from++)
        {
            for (int i = Math.Max(0, row - 1); i <= Math.Min(side - 1, row + 1); i++)
            {
                for (int j = Math.Max(0, column - 1); j <= Math.Min(side - 1, column + 1); j++)
                    sum += weights[block.Offset + (channel * block.Columns) + (9 * from) + (3 * (i - row + 1)) + (j - column + 1)] * x[from][i, j];
            }
        }

        return sum;
    }
}
