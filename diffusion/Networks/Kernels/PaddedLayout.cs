using Sweep.Diffusion.Numerics;

namespace Sweep.Diffusion.Networks.Kernels;

/// <summary>
/// Where the kernels keep what <see cref="MlpLayout"/> names: weights transposed, (in, out) row-major, rows padded with zeros to whole registers and to a <see
/// cref="Strides"/> stride, all in one buffer, so that forward and the weights' gradient read along rows and Adam is one loop. Padding never reaches a result:
/// its activations, gradients and weights are and stay zero. A second buffer holds hidden-to-hidden and output weights as (out, in) for the activations'
/// gradient.
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

        HeadOutputs = shape.Dimensions switch { <= 2 => 2, <= 4 => 4, <= 8 => 8, _ => 0 };
        OutputWeight = Take(ref count, IsNarrow ? HeadOutputs * WidthStride : shape.Width * OutputStride);
        OutputBias = Take(ref count, OutputStride);
        Skip = Take(ref count, IsNarrow ? Strides.Padded(shape.Dimensions * shape.Dimensions) : shape.Dimensions * OutputStride);
        OutputMirror = IsNarrow ? 0 : Take(ref mirrored, shape.Dimensions * WidthStride);
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

    /// <summary>
    /// Outputs that the <see cref="NarrowHead{T, L}"/> kernel holds, at least d; 0 when d is too many for it and the output layer is treated like the hidden
    /// ones.
    /// </summary>
    public int HeadOutputs { get; }

    public bool IsNarrow => HeadOutputs > 0;

    /// <summary>Narrow: (HeadOutputs, WidthStride), row-major (out, in). Otherwise (width, OutputStride).</summary>
    public int OutputWeight { get; }

    public int OutputBias { get; }

    /// <summary>Narrow: (d, d), row-major (out, in). Otherwise (d in, OutputStride).</summary>
    public int Skip { get; }

    /// <summary>Floats in the parameter buffer.</summary>
    public int Count { get; }

    /// <summary>In the mirror buffer, (width out, WidthStride in) each; none for layer 0, whose input needs no gradient.</summary>
    public int[] HiddenMirrors { get; } = new int[MlpShape.MaximumHiddenLayers];

    /// <summary>In the mirror buffer, (d, WidthStride); none when narrow, whose weights lie that way already.</summary>
    public int OutputMirror { get; }

    public int MirrorCount { get; }

    /// <summary>From the flat buffer of <see cref="MlpLayout"/> to the padded one.</summary>
    public void Pad(ReadOnlySpan<float> canonical, Span<float> padded)
    {
        foreach (var (block, offset, rowStep, columnStep) in Map())
        {
            for (int row = 0; row < block.Rows; row++)
            {
                if (block.IsBias)
                    padded[offset + (row * rowStep)] = canonical[block.Offset + row];
                for (int column = 0; column < block.Columns; column++)
                    padded[offset + (row * rowStep) + (column * columnStep)] = canonical[block.Offset + (row * block.Columns) + column];
            }
        }
    }

    /// <summary>And back.</summary>
    public void Unpad(ReadOnlySpan<float> padded, Span<float> canonical)
    {
        foreach (var (block, offset, rowStep, columnStep) in Map())
        {
            for (int row = 0; row < block.Rows; row++)
            {
                if (block.IsBias)
                    canonical[block.Offset + row] = padded[offset + (row * rowStep)];
                for (int column = 0; column < block.Columns; column++)
                    canonical[block.Offset + (row * block.Columns) + column] = padded[offset + (row * rowStep) + (column * columnStep)];
            }
        }
    }

    /// <summary>Refreshes the mirror buffer after the weights changed.</summary>
    public unsafe void Mirror(float* padded, float* mirror)
    {
        for (int layer = 1; layer < Shape.HiddenLayers; layer++)
            Transposition.Run(padded + HiddenWeights[layer], WidthStride, mirror + HiddenMirrors[layer], WidthStride, Shape.Width, Shape.Width);
        if (!IsNarrow)
            Transposition.Run(padded + OutputWeight, OutputStride, mirror + OutputMirror, WidthStride, Shape.Width, Shape.Dimensions);
    }

    private IEnumerable<(ParameterBlock Block, int Offset, int RowStep, int ColumnStep)> Map()
    {
        for (int layer = 0; layer < Shape.HiddenLayers; layer++)
        {
            yield return (Canonical.HiddenWeights[layer], HiddenWeights[layer], 1, WidthStride);
            yield return (Canonical.HiddenBiases[layer], HiddenBiases[layer], 1, 0);
        }

        yield return IsNarrow ? (Canonical.OutputWeight, OutputWeight, WidthStride, 1) : (Canonical.OutputWeight, OutputWeight, 1, OutputStride);
        yield return (Canonical.OutputBias, OutputBias, 1, 0);
        yield return IsNarrow ? (Canonical.Skip, Skip, Shape.Dimensions, 1) : (Canonical.Skip, Skip, 1, OutputStride);
    }
}
