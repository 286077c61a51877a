namespace Sweep.Diffusion.Networks.Kernels;

/// <summary>Where a block of rows and the output layer's parameters lie, for <see cref="NarrowHead{T, L}"/>.</summary>
internal unsafe struct HeadBlock
{
    /// <summary>Rows in this block, a multiple of 16.</summary>
    public nint Rows;

    /// <summary>Floats from one output's column to the next.</summary>
    public nint BlockRows;

    /// <summary>Hidden units, padded to 16.</summary>
    public nint Columns;

    /// <summary>Floats from one hidden row, or weight row, to the next.</summary>
    public nint WidthStride;

    /// <summary>(Rows, WidthStride): the last hidden layer.</summary>
    public float* Hidden;

    /// <summary>(outputs held, WidthStride).</summary>
    public float* Weight;

    /// <summary>(Rows, WidthStride): the activation's slopes; backward leaves the gradient before the activation here.</summary>
    public float* Slopes;

    /// <summary>(outputs held, BlockRows).</summary>
    public float* OutputGradient;

    /// <summary>As the weight.</summary>
    public float* WeightGradient;

    /// <summary>(WidthStride): of the last hidden layer's bias.</summary>
    public float* BiasGradient;

    /// <summary>(Columns, 16): scratch for the forward pass.</summary>
    public float* Transposed;
}
