namespace Sweep.Diffusion.Networks;

/// <summary>One tensor within a flat parameter buffer.</summary>
/// <param name="Name">Its name in weights.safetensors.</param>
/// <param name="Offset">Index of its first value.</param>
/// <param name="Rows">Output units.</param>
/// <param name="Columns">Input units; 0 for a bias, which is a vector of <paramref name="Rows"/>.</param>
public sealed record ParameterBlock(string Name, int Offset, int Rows, int Columns)
{
    public bool IsBias => Columns == 0;

    public int Count => IsBias ? Rows : Rows * Columns;
}
