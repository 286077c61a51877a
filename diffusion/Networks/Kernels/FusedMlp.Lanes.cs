using System.Runtime.CompilerServices;
using Sweep.Diffusion.Numerics;
using Sweep.Diffusion.Numerics.Lanes;

namespace Sweep.Diffusion.Networks.Kernels;

/// <inheritdoc/>
internal sealed unsafe class FusedMlp<T, L> : FusedMlp
    where T : unmanaged
    where L : struct, ILanes<T>
{
    private readonly MatrixProduct _byInput, _byWidth, _byOutput, _byTranspose;
    private readonly NativeBuffer _hidden, _slopes, _upstream, _output, _targetColumns, _target, _rowScale, _lanes, _gradient, _zeros, _ones, _transposed;
    private readonly int _layers, _hiddenFloats;

    public FusedMlp(MlpShape shape, bool training)
        : base(shape, ChooseBlockRows(shape))
    {
        _layers = shape.HiddenLayers;
        _hiddenFloats = BlockRows * Layout.WidthStride;
        _byInput = MatrixProduct.Create<T, L>(Layout.InputStride);
        _byWidth = MatrixProduct.Create<T, L>(Layout.WidthStride);
        _byOutput = MatrixProduct.Create<T, L>(Layout.OutputStride);
        _byTranspose = MatrixProduct.Create<T, L>(1);
        _hidden = new NativeBuffer(_layers * _hiddenFloats);
        bool narrow = Layout.IsNarrow;
        int outputs = narrow ? BlockRows * Layout.HeadOutputs : BlockRows * Layout.OutputStride;
        _output = new NativeBuffer(outputs);
        _zeros = new NativeBuffer(Math.Max(Layout.WidthStride, Layout.OutputStride));
        _ones = new NativeBuffer(16);
        _ones.Span.Fill(1);
        _transposed = new NativeBuffer(narrow ? 16 * Layout.WidthPadded : 0);
        int unit = training ? 1 : 0;
        _slopes = new NativeBuffer(unit * _layers * _hiddenFloats);
        _upstream = new NativeBuffer(unit * _hiddenFloats);
        _targetColumns = new NativeBuffer(unit * BlockRows * shape.Dimensions);
        _target = new NativeBuffer(narrow ? 0 : unit * outputs);
        _rowScale = new NativeBuffer(unit * BlockRows);
        _lanes = new NativeBuffer(unit * (narrow ? 16 * Strides.Padded(1 + shape.Dimensions + (shape.Dimensions * shape.Dimensions)) : Layout.OutputPadded));
        _gradient = new NativeBuffer(unit * Layout.Count);
    }

    public override float* Output => _output.Pointer;

    public override float* TargetColumns => _targetColumns.Pointer;

    public override float* RowScale => _rowScale.Pointer;

    public override float* Gradient => _gradient.Pointer;

    public override void Forward(int rows) => Forward((rows + 15) & ~15, null, keepSlopes: false);

    public override void ForwardAtOneLevel(int rows, float* firstBias) => Forward((rows + 15) & ~15, firstBias, keepSlopes: false);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override double LossAndGradient(int rows, bool accumulate)
    {
        rows = (rows + 15) & ~15;
        Forward(rows, null, keepSlopes: true);

        double loss = Layout.IsNarrow ? NarrowHeadGradient(rows, accumulate) : WideHeadGradient(rows, accumulate);
        for (int layer = _layers - 1; layer > 0; layer--)
        {
            float* slopes = Slopes(layer);
            WeightGradient(Hidden(layer - 1), Layout.WidthStride, slopes, Layout.WidthStride, Layout.HiddenWeights[layer], Shape.Width, Layout.WidthPadded,
                rows, accumulate);
            _byWidth.Run(slopes, 1, Mirrors + Layout.HiddenMirrors[layer], Layout.WidthStride, _zeros.Pointer, 0, _upstream.Pointer, Layout.WidthStride, rows,
                Layout.WidthPadded, Shape.Width);
            ThroughActivation(layer - 1, rows, accumulate);
        }

        WeightGradient(Input, Layout.InputStride, Slopes(0), Layout.WidthStride, Layout.HiddenWeights[0], Shape.Inputs, Layout.WidthPadded, rows, accumulate);
        return loss / 2;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void FinishGradient()
    {
        if (!Layout.IsNarrow)
            return;
        int d = Shape.Dimensions;
        float* sums = _lanes.Pointer;
        for (int group = 0; group < 1 + d + (d * d); group += 16)
            L.Dot16(_lanes.Pointer + (16 * group), 16, _ones.Pointer, 16, sums + group);
        new ReadOnlySpan<float>(sums + 1, d).CopyTo(new Span<float>(Gradient + Layout.OutputBias, d));
        new ReadOnlySpan<float>(sums + 1 + d, d * d).CopyTo(new Span<float>(Gradient + Layout.Skip, d * d));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Update(float* first, float* second, AdamStep step)
    {
        RowKernels<T, L>.Adam(Weights, Gradient, first, second, Layout.Count, step);
        WeightsChanged();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (var buffer in (ReadOnlySpan<NativeBuffer>)[_hidden, _slopes, _upstream, _output, _targetColumns, _target, _rowScale, _lanes, _gradient,
                _zeros, _ones, _transposed])
                buffer.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>A block's activations and slopes should stay in the second-level cache, beside a panel of weights.</summary>
    private static int ChooseBlockRows(MlpShape shape) => shape.Width <= 64 ? 64 : 128;

    private float* Hidden(int layer) => _hidden.Pointer + ((nint)layer * _hiddenFloats);

    private float* Slopes(int layer) => _slopes.Pointer + ((nint)layer * _hiddenFloats);

    /// <param name="rows">A multiple of 16.</param>
    /// <param name="levelBias">The first layer's bias with one level's features in it, or null when every row has features of its own.</param>
    /// <param name="keepSlopes">Whether the activations' slopes are wanted.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Forward(int rows, float* levelBias, bool keepSlopes)
    {
        float* first = Weights + Layout.HiddenWeights[0];
        if (levelBias is null)
        {
            Transposition.Run(InputColumns, BlockRows, Input, Layout.InputStride, Shape.Dimensions, rows);
            _byInput.Run(Input, 1, first, Layout.WidthStride, Weights + Layout.HiddenBiases[0], 0, Hidden(0), Layout.WidthStride, rows, Layout.WidthPadded,
                Shape.Inputs);
        }
        else
        {
            // Only the few columns of x: they serve as they lie.
            _byTranspose.Run(InputColumns, BlockRows, first, Layout.WidthStride, levelBias, 0, Hidden(0), Layout.WidthStride, rows, Layout.WidthPadded,
                Shape.Dimensions);
        }

        Activate(Hidden(0), Slopes(0), rows, keepSlopes);
        float* previous = Hidden(0);
        for (int layer = 1; layer < _layers; layer++)
        {
            float* hidden = Hidden(layer);
            _byWidth.Run(
                previous, 1, Weights + Layout.HiddenWeights[layer], Layout.WidthStride, Weights + Layout.HiddenBiases[layer], 0, hidden, Layout.WidthStride,
                    rows, Layout.WidthPadded, Shape.Width);
            Activate(hidden, Slopes(layer), rows, keepSlopes);
            previous = hidden;
        }

        if (Layout.IsNarrow)
        {
            var block = Head(rows);
            float* outputBias = Weights + Layout.OutputBias, skip = Weights + Layout.Skip;
            if (Layout.HeadOutputs == 2)
                NarrowHead<T, L>.Forward2(block, outputBias, skip, InputColumns, Output, Shape.Dimensions);
            else if (Layout.HeadOutputs == 4)
                NarrowHead<T, L>.Forward4(block, outputBias, skip, InputColumns, Output, Shape.Dimensions);
            else
                NarrowHead<T, L>.Forward8(block, outputBias, skip, InputColumns, Output, Shape.Dimensions);
            return;
        }

        int outputs = Layout.OutputPadded, stride = Layout.OutputStride;
        _byWidth.Run(previous, 1, Weights + Layout.OutputWeight, stride, Weights + Layout.OutputBias, 0, Output, stride, rows, outputs, Shape.Width);
        _byTranspose.Run(InputColumns, BlockRows, Weights + Layout.Skip, stride, Output, stride, Output, stride, rows, outputs, Shape.Dimensions);
    }

    /// <summary>Loss, the output layer's gradients and the last hidden layer's, for up to eight outputs. Returns twice the loss.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double NarrowHeadGradient(int rows, bool accumulate)
    {
        // The squares start anew with every block, the others with every batch.
        new Span<float>(_lanes.Pointer, accumulate ? 16 : _lanes.Count).Clear();
        var block = Head(rows);
        NarrowHead<T, L>.LossGradient(block, InputColumns, Output, TargetColumns, RowScale, _lanes.Pointer, Shape.Dimensions);
        switch (Layout.HeadOutputs)
        {
            case 2:
                NarrowHeadBackward<T, L>.Run2(block, accumulate);
                break;
            case 4:
                NarrowHeadBackward<T, L>.Run4(block, accumulate);
                break;
            default:
                NarrowHeadBackward<T, L>.Run8(block, accumulate);
                break;
        }

        return SumLanes(0);
    }

    /// <summary>The same for any number of outputs, as matrix products.</summary>
    private double WideHeadGradient(int rows, bool accumulate)
    {
        int outputs = Layout.OutputPadded, stride = Layout.OutputStride;
        Transposition.Run(TargetColumns, BlockRows, _target.Pointer, stride, Shape.Dimensions, rows);
        RowKernels<T, L>.LossGradient(Output, _target.Pointer, RowScale, Gradient + Layout.OutputBias, _lanes.Pointer, accumulate, rows, outputs, stride);
        double loss = 0;
        for (int column = 0; column < Shape.Dimensions; column++)
            loss += _lanes.Pointer[column];

        WeightGradient(Hidden(_layers - 1), Layout.WidthStride, Output, stride, Layout.OutputWeight, Shape.Width, outputs, rows, accumulate);
        WeightGradient(Input, Layout.InputStride, Output, stride, Layout.Skip, Shape.Dimensions, outputs, rows, accumulate);
        _byOutput.Run(Output, 1, Mirrors + Layout.OutputMirror, Layout.WidthStride, _zeros.Pointer, 0, _upstream.Pointer, Layout.WidthStride, rows,
            Layout.WidthPadded, Shape.Dimensions);
        ThroughActivation(_layers - 1, rows, accumulate);
        return loss;
    }

    /// <summary>From the gradient after a layer's activation to the one before it (which replaces the slopes), and the bias' gradient.</summary>
    private void ThroughActivation(int layer, int rows, bool accumulate) =>
        RowKernels<T, L>.MultiplyAndSum(Slopes(layer), _upstream.Pointer, Gradient + Layout.HiddenBiases[layer], accumulate, rows, Layout.WidthPadded,
            Layout.WidthStride);

    private HeadBlock Head(int rows) => new()
    {
        Rows = rows,
        BlockRows = BlockRows,
        Columns = Layout.WidthPadded,
        WidthStride = Layout.WidthStride,
        Hidden = Hidden(_layers - 1),
        Weight = Weights + Layout.OutputWeight,
        Slopes = Slopes(_layers - 1),
        OutputGradient = Output,
        WeightGradient = Gradient + Layout.OutputWeight,
        BiasGradient = Gradient + Layout.HiddenBiases[_layers - 1],
        Transposed = _transposed.Pointer,
    };

    /// <summary>One group of sixteen partial sums, in the order of <see cref="ILanes{T}.Dot16"/>.</summary>
    private float SumLanes(int group)
    {
        float* lanes = _lanes.Pointer + (16 * group);
        float* work = stackalloc float[8];
        for (int l = 0; l < 8; l++)
            work[l] = lanes[l] + lanes[l + 8];
        return ((work[0] + work[4]) + (work[2] + work[6])) + ((work[1] + work[5]) + (work[3] + work[7]));
    }

    private void Activate(float* hidden, float* slopes, int rows, bool keepSlopes)
    {
        switch (Shape.Activation)
        {
            case Activation.Silu:
                Activate<SiluActivation<T, L>>(hidden, slopes, rows, keepSlopes);
                break;
            case Activation.Relu:
                Activate<ReluActivation<T, L>>(hidden, slopes, rows, keepSlopes);
                break;
            case Activation.Tanh:
                Activate<TanhActivation<T, L>>(hidden, slopes, rows, keepSlopes);
                break;
            default:
                Activate<GeluActivation<T, L>>(hidden, slopes, rows, keepSlopes);
                break;
        }
    }

    private void Activate<TActivation>(float* hidden, float* slopes, int rows, bool keepSlopes)
        where TActivation : struct, IActivation<T>
    {
        int columns = Layout.WidthPadded;
        if (Layout.WidthStride == columns)
            (rows, columns) = (1, rows * columns);
        if (keepSlopes)
            RowKernels<T, L>.Activate<TActivation>(hidden, slopes, rows, columns, Layout.WidthStride);
        else
            RowKernels<T, L>.Activate<TActivation>(hidden, rows, columns, Layout.WidthStride);
    }

    /// <summary>Gradient at offset (inputs, columns) = or += activations^T gradients.</summary>
    private void WeightGradient(float* activations, int activationStride, float* gradients, int gradientStride, int offset, int inputs, int columns, int rows,
        bool accumulate)
    {
        float* target = Gradient + offset;
        float* init = accumulate ? target : _zeros.Pointer;
        _byTranspose.Run(activations, activationStride, gradients, gradientStride, init, accumulate ? gradientStride : 0, target, gradientStride, inputs,
            columns, rows);
    }
}
