namespace Sweep.Diffusion.Networks.Kernels;

/// <summary>
/// Where the kernels keep what <see cref="MlpLayout"/> names: weights transposed, (in, out) row-major, rows padded with zeros to whole registers and to a <see cref="Strides"/> stride, all in one
/// buffer, so that forward and the weights' gradient read along rows and Adam is one loop. Padding never reaches a result: its activations, gradients and weights are
/// and stay zero. A second buffer holds hidden-to-hidden and output weights as (out, in) for the activations' gradient.
/// </summary>
internal sealed class PaddedLayout
{
    public PaddedLayout(MlpShape shape)
    {
        Shape = shape;
        Canonical = MlpLayout.For(shape);
        InputStride = Strides.For(shape.Inputs);
        WidthPadded = Strides.Padded(shape.Width);
        WidthStride = Strides.For(shape.Width);
        OutputPadded = Strides.Padded(shape.Dimensions);
        OutputStride = Strides.For(shape.Dimensions);
        int count = 0, mirrored = 0;
        for (int layer = 0; layer < shape.HiddenLayers; layer++)
        {
            HiddenWeights[layer] = Take(ref count, (layer == 0 ? shape.Inputs : shape.Width) * WidthStride);
            HiddenBiases[layer] = Take(ref count, WidthStride);
            if (layer > 0)
                HiddenMirrors[layer] = Take(ref mirrored, shape.Width * WidthStride);
        }

        OutputWeight = Take(ref count, shape.Width * OutputStride);
        OutputBias = Take(ref count, OutputStride);
        Skip = Take(ref count, shape.Dimensions * OutputStride);
        OutputMirror = Take(ref mirrored, shape.Dimensions * WidthStride);
        Count = count;
        MirrorCount = mirrored;

        static int Take(ref int offset, int length)
        {
            int start = offset;
            offset += length;
            return start;
        }
    }

    public MlpShape Shape { get; }

    public MlpLayout Canonical { get; }

    public int InputStride { get; }

    public int WidthPadded { get; }

    public int WidthStride { get; }

    /// <summary>Output columns in whole registers.</summary>
    public int OutputPadded { get; }

    /// <summary>Row stride of outputs, targets, output weights and skip.</summary>
    public int OutputStride { get; }

    /// <summary>(in, WidthStride) each.</summary>
    public int[] HiddenWeights { get; } = new int[MlpShape.MaximumHiddenLayers];

    public int[] HiddenBiases { get; } = new int[MlpShape.MaximumHiddenLayers];

    /// <summary>(width, OutputStride).</summary>
    public int OutputWeight { get; }

    public int OutputBias { get; }

    /// <summary>(d, OutputStride).</summary>
    public int Skip { get; }

    /// <summary>Floats in the parameter buffer.</summary>
    public int Count { get; }

    /// <summary>In the mirror buffer, (width out, WidthStride in) each; none for layer 0, whose input needs no gradient.</summary>
    public int[] HiddenMirrors { get; } = new int[MlpShape.MaximumHiddenLayers];

    /// <summary>In the mirror buffer, (d, WidthStride).</summary>
    public int OutputMirror { get; }

    public int MirrorCount { get; }

    /// <summary>From the flat buffer of <see cref="MlpLayout"/> to the padded one.</summary>
    public void Pad(ReadOnlySpan<float> canonical, Span<float> padded)
    {
        foreach (var (block, offset, stride) in Map())
        {
            for (int row = 0; row < block.Rows; row++)
            {
                if (block.IsBias)
                    padded[offset + row] = canonical[block.Offset + row];
                for (int column = 0; column < block.Columns; column++)
                    padded[offset + (column * stride) + row] = canonical[block.Offset + (row * block.Columns) + column];
            }
        }
    }

    /// <summary>And back.</summary>
    public void Unpad(ReadOnlySpan<float> padded, Span<float> canonical)
    {
        foreach (var (block, offset, stride) in Map())
        {
            for (int row = 0; row < block.Rows; row++)
            {
                if (block.IsBias)
                    canonical[block.Offset + row] = padded[offset + row];
                for (int column = 0; column < block.Columns; column++)
                    canonical[block.Offset + (row * block.Columns) + column] = padded[offset + (column * stride) + row];
            }
        }
    }

    /// <summary>Refreshes the mirror buffer after the weights changed.</summary>
    public unsafe void Mirror(float* padded, float* mirror)
    {
        for (int layer = 1; layer < Shape.HiddenLayers; layer++)
            Transpose(padded + HiddenWeights[layer], WidthStride, mirror + HiddenMirrors[layer], WidthStride, Shape.Width, Shape.Width);
        Transpose(padded + OutputWeight, OutputStride, mirror + OutputMirror, WidthStride, Shape.Width, Shape.Dimensions);
    }

    /// <summary>(rows, columns) to (columns, rows), in squares of 16 so that the far side's cache lines are filled while they are there.</summary>
    private static unsafe void Transpose(float* source, nint sourceStride, float* target, nint targetStride, int rows, int columns)
    {
        for (int rowBlock = 0; rowBlock < rows; rowBlock += 16)
        {
            int rowEnd = Math.Min(rowBlock + 16, rows);
            for (int column = 0; column < columns; column++)
            {
                for (int row = rowBlock; row < rowEnd; row++)
                    target[(column * targetStride) + row] = source[(row * sourceStride) + column];
            }
        }
    }

    private IEnumerable<(ParameterBlock Block, int Offset, int Stride)> Map()
    {
        for (int layer = 0; layer < Shape.HiddenLayers; layer++)
        {
            yield return (Canonical.HiddenWeights[layer], HiddenWeights[layer], WidthStride);
            yield return (Canonical.HiddenBiases[layer], HiddenBiases[layer], 0);
        }

        yield return (Canonical.OutputWeight, OutputWeight, OutputStride);
        yield return (Canonical.OutputBias, OutputBias, 0);
        yield return (Canonical.Skip, Skip, OutputStride);
    }
}
