namespace Sweep.Diffusion.Networks;

/// <summary>
/// Lays a network's parameters out one after the other, and counts what a row's forward pass multiplies. Layers are named NAME.weight and NAME.bias; biases
/// start from 0.
/// </summary>
internal sealed class LayoutBuilder
{
    private readonly List<ParameterBlock> _blocks = [];
    private int _offset;

    public IReadOnlyList<ParameterBlock> Blocks => _blocks;

    public double Multiplications { get; private set; }

    /// <summary>A matrix with a bias.</summary>
    /// <param name="name">Of the layer.</param>
    /// <param name="rows">Output units.</param>
    /// <param name="columns">Input units.</param>
    /// <param name="gain">Weights start normal with standard deviation gain / sqrt(inputs).</param>
    /// <param name="positions">How often it is applied per row.</param>
    public void Linear(string name, int rows, int columns, double gain, int positions = 1)
    {
        Matrix(name, rows, columns, gain, 1, positions);
        Add(new ParameterBlock($"{name}.bias", _offset, rows, 0));
    }

    /// <summary>A matrix alone.</summary>
    public void Matrix(string name, int rows, int columns, double gain) => Matrix(name, rows, columns, gain, 1, 1);

    /// <summary>A convolution of 3 x 3 with a bias.</summary>
    public void Convolution(string name, int rows, int channels, double gain, int positions)
    {
        Matrix(name, rows, 9 * channels, gain, 3, positions);
        Add(new ParameterBlock($"{name}.bias", _offset, rows, 0));
    }

    /// <summary>A normalisation's scale, which starts from 1, and shift.</summary>
    public void Affine(string name, int channels)
    {
        Add(new ParameterBlock($"{name}.weight", _offset, channels, 0) { Start = (1, 0) });
        Add(new ParameterBlock($"{name}.bias", _offset, channels, 0));
    }

    private void Matrix(string name, int rows, int columns, double gain, int kernel, int positions)
    {
        Multiplications += (double)rows * columns * positions;
        Add(new ParameterBlock($"{name}.weight", _offset, rows, columns) { Kernel = kernel, Start = (0, gain / Math.Sqrt(columns)) });
    }

    private void Add(ParameterBlock block)
    {
        _blocks.Add(block);
        _offset += block.Count;
    }
}
