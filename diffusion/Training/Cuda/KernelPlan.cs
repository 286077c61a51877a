using System.Runtime.InteropServices;
using Sweep.Diffusion.Networks;

namespace Sweep.Diffusion.Training.Cuda;

/// <summary>
/// How one shape of network lies in memory for one <see cref="KernelVariant"/>: the same bytes as Plan in Kernels/plan.h, which says what each is. Offsets are
/// in floats, each a multiple of 4.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct KernelPlan
{
    public int Dimensions;
    public int FeatureStride;
    public int Inputs;
    public int Units;
    public int Layers;
    public int Activation;
    public int Parameters;
    public int OutputSlices;
    public fixed int Weight[MlpShape.MaximumHiddenLayers];
    public fixed int Bias[MlpShape.MaximumHiddenLayers];
    public int OutputWeight;
    public int OutputBias;
    public int Skip;
    public int SkipStride;
    public int LayerFloats;
    public int AtHidden;
    public int AtSlopes;
    public int AtInput;
    public int AtTarget;
    public int AtOutputGradient;
    public int AtPartial;
    public int AtScale;
    public int AtLevel;
    public int AtLoss;
    public int AtSums;
    public int AtFlag;
    public int AtWeights;
    public int AtGradient;
    public int AtFirst;
    public int AtSecond;
    public int Floats;

    public static KernelPlan For(MlpShape shape, KernelVariant variant)
    {
        int d = shape.Dimensions, features = Up(shape.TimeFeatures, 4), units = Up(shape.Width, 8), rowStride = variant.RowStride,
            weightStride = variant.WeightStride;
        var plan = new KernelPlan
        {
            Dimensions = d,
            FeatureStride = features,
            Inputs = Up(d + features, variant.InputStep),
            Units = units,
            Layers = shape.HiddenLayers,
            Activation = (int)shape.Activation,
            SkipStride = Up(d, 4),
            LayerFloats = units * rowStride,
        };
        int parameters = 0;
        for (int layer = 0; layer < shape.HiddenLayers; layer++)
        {
            plan.Weight[layer] = Take(ref parameters, (layer == 0 ? plan.Inputs : units) * weightStride);
            plan.Bias[layer] = Take(ref parameters, weightStride);
        }

        plan.OutputWeight = Take(ref parameters, d * weightStride);
        plan.OutputBias = Take(ref parameters, d);
        plan.Skip = Take(ref parameters, d * plan.SkipStride);
        plan.Parameters = parameters;

        // Threads beyond one per row and group of outputs share out the sum over units.
        int outputsAtOnce = d switch { 1 => 1, 2 => 2, _ => 4 };
        plan.OutputSlices = Math.Clamp(variant.Threads / (variant.Rows * ((d + outputsAtOnce - 1) / outputsAtOnce)), 1, units / 4);

        int floats = 0;
        plan.AtHidden = Take(ref floats, shape.HiddenLayers * plan.LayerFloats);
        plan.AtSlopes = Take(ref floats, shape.HiddenLayers * plan.LayerFloats);
        plan.AtInput = Take(ref floats, plan.Inputs * rowStride);
        plan.AtTarget = Take(ref floats, d * rowStride);
        plan.AtOutputGradient = Take(ref floats, d * rowStride);
        plan.AtPartial = Take(ref floats, plan.OutputSlices * d * rowStride);
        plan.AtScale = Take(ref floats, rowStride);
        plan.AtLevel = Take(ref floats, rowStride);
        plan.AtLoss = Take(ref floats, variant.Threads);
        plan.AtSums = Take(ref floats, 16);

        // Read before the parts are written. Those 16 bytes decide whether two blocks of the bench's width 16 fit into an H100's multiprocessor.
        plan.AtFlag = plan.AtPartial;
        if (variant.Placement <= Placement.MomentsGlobal)
        {
            plan.AtWeights = Take(ref floats, parameters);
            plan.AtGradient = Take(ref floats, variant.Slices * parameters);
        }

        if (variant.Placement == Placement.AllShared)
        {
            plan.AtFirst = Take(ref floats, parameters);
            plan.AtSecond = Take(ref floats, parameters);
        }

        plan.Floats = floats;
        return plan;
    }

    /// <summary>Shared memory of a block.</summary>
    public readonly int SharedBytes(KernelVariant variant) => variant.Placement == Placement.AllGlobal ? 0 : Floats * sizeof(float);

    /// <summary>Floats of global memory that a trial takes: weights and moments, the loss curve, and what its variant doesn't keep in shared memory.</summary>
    /// <param name="variant">The plan's.</param>
    /// <param name="windows">Points of the loss curve.</param>
    public readonly int TrialFloats(KernelVariant variant, int windows) =>
        (3 * Parameters) + Up(2 * windows, 4) + GradientFloats(variant) + (variant.Placement == Placement.AllGlobal ? Floats : 0);

    /// <summary>Those of the gradient among them.</summary>
    public readonly int GradientFloats(KernelVariant variant) => variant.Placement >= Placement.ParametersGlobal ? variant.Slices * Parameters : 0;

    /// <summary>From the flat buffer of <see cref="MlpLayout"/> to the padded one, whose padding is left as it is.</summary>
    public readonly void Pad(MlpShape shape, int weightStride, ReadOnlySpan<float> canonical, Span<float> padded)
    {
        foreach (var (block, offset, rowStep, columnStep) in Map(shape, weightStride))
        {
            for (int row = 0; row < block.Rows; row++)
            {
                for (int column = 0; column < Math.Max(1, block.Columns); column++)
                    padded[offset + (row * rowStep) + (column * columnStep)] = canonical[block.Offset + (row * Math.Max(1, block.Columns)) + column];
            }
        }
    }

    /// <summary>And back.</summary>
    public readonly void Unpad(MlpShape shape, int weightStride, ReadOnlySpan<float> padded, Span<float> canonical)
    {
        foreach (var (block, offset, rowStep, columnStep) in Map(shape, weightStride))
        {
            for (int row = 0; row < block.Rows; row++)
            {
                for (int column = 0; column < Math.Max(1, block.Columns); column++)
                    canonical[block.Offset + (row * Math.Max(1, block.Columns)) + column] = padded[offset + (row * rowStep) + (column * columnStep)];
            }
        }
    }

    /// <summary>Hidden weights lie (in, out) here; output weights and the skip (out, in), as in <see cref="MlpLayout"/>.</summary>
    private readonly List<(ParameterBlock Block, int Offset, int RowStep, int ColumnStep)> Map(MlpShape shape, int weightStride)
    {
        var layout = MlpLayout.For(shape);
        List<(ParameterBlock, int, int, int)> map = [];
        for (int layer = 0; layer < shape.HiddenLayers; layer++)
        {
            map.Add((layout.HiddenWeights[layer], Weight[layer], 1, weightStride));
            map.Add((layout.HiddenBiases[layer], Bias[layer], 1, 0));
        }

        map.Add((layout.OutputWeight, OutputWeight, weightStride, 1));
        map.Add((layout.OutputBias, OutputBias, 1, 0));
        map.Add((layout.Skip, Skip, SkipStride, 1));
        return map;
    }

    private static int Take(ref int offset, int length)
    {
        int start = offset;
        offset += Up(length, 4);
        return start;
    }

    private static int Up(int value, int unit) => (value + unit - 1) / unit * unit;
}
