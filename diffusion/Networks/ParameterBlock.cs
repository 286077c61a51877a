namespace Sweep.Diffusion.Networks;

/// <summary>One tensor within a flat parameter buffer.</summary>
/// <param name="Name">Its name in weights.safetensors.</param>
/// <param name="Offset">Index of its first value.</param>
/// <param name="Rows">Output units or channels.</param>
/// <param name="Columns">Input units, or input channels times a kernel's positions; 0 for a bias, which is a vector of <paramref name="Rows"/>.</param>
public sealed record ParameterBlock(string Name, int Offset, int Rows, int Columns)
{
    /// <summary>The side of a convolution's kernel; 1 for a matrix or vector.</summary>
    public int Kernel { get; init; } = 1;

    /// <summary>What every value starts from, and the standard deviation of the normal noise on it; of a kind whose layout says so.</summary>
    public (double Mean, double Deviation) Start { get; init; }

    public bool IsBias => Columns == 0;

    public int Count => IsBias ? Rows : Rows * Columns;

    /// <summary>As a file, and PyTorch, has it: (out), (out, in), or (out, in, side, side).</summary>
    public int[] TensorShape => IsBias ? [Rows] : Kernel == 1 ? [Rows, Columns] : [Rows, Columns / (Kernel * Kernel), Kernel, Kernel];
}
