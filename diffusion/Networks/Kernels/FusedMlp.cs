using System.Runtime.Intrinsics;
using Sweep.Diffusion.Numerics;
using Sweep.Diffusion.Numerics.Lanes;

namespace Sweep.Diffusion.Networks.Kernels;

/// <summary>
/// The network's forward and backward pass over blocks of rows that stay in cache. Use: <see cref="SetWeights"/>; per block fill <see cref="Input"/> (and <see cref="Target"/>, <see cref="RowScale"/>),
/// then <see cref="Forward"/> or <see cref="LossAndGradient"/>. Not thread-safe. Allocates only when made. Readable reference: <see cref="ReferenceMlp"/>.
/// </summary>
internal abstract unsafe class FusedMlp : IDisposable
{
    private readonly NativeBuffer _weights, _mirror, _input;

    protected FusedMlp(MlpShape shape, int blockRows)
    {
        BlockRows = blockRows;
        Layout = new PaddedLayout(shape);
        _weights = new NativeBuffer(Layout.Count);
        _mirror = new NativeBuffer(Layout.MirrorCount);
        _input = new NativeBuffer(blockRows * Layout.InputStride);
    }

    public PaddedLayout Layout { get; }

    public MlpShape Shape => Layout.Shape;

    /// <summary>Rows in a full block: a multiple of 16, the same on every vector path because partial sums depend on it.</summary>
    public int BlockRows { get; }

    /// <summary>Padded parameters; call <see cref="WeightsChanged"/> after writing them.</summary>
    public float* Weights => _weights.Pointer;

    /// <summary>(BlockRows, InputStride): [scaled x, time features].</summary>
    public float* Input => _input.Pointer;

    protected float* Mirrors => _mirror.Pointer;

    /// <summary>Output of the last forward pass, (rows, OutputStride).</summary>
    public abstract float* Output { get; }

    /// <summary>(BlockRows, OutputStride); columns beyond d stay zero.</summary>
    public abstract float* Target { get; }

    /// <summary>(BlockRows): 2 weight / (batch d) of each row, 0 for rows beyond the batch.</summary>
    public abstract float* RowScale { get; }

    /// <summary>Padded gradient, as the weights.</summary>
    public abstract float* Gradient { get; }

    /// <summary>Makes the network for a vector path.</summary>
    /// <param name="shape">The network.</param>
    /// <param name="path">Which instructions.</param>
    /// <param name="training">False to leave out what only the backward pass needs.</param>
    public static FusedMlp Create(MlpShape shape, VectorPath path, bool training) => path switch
    {
        VectorPath.Vector512 => new FusedMlp<Vector512<float>, Lanes512>(shape, training),
        VectorPath.Vector256 => new FusedMlp<Vector256<float>, Lanes256>(shape, training),
        _ => new FusedMlp<float, LanesScalar>(shape, training),
    };

    public void SetWeights(ReadOnlySpan<float> canonical)
    {
        Layout.Pad(canonical, _weights.Span);
        WeightsChanged();
    }

    public void WeightsChanged() => Layout.Mirror(Weights, Mirrors);

    /// <summary>The network's output for the rows in <see cref="Input"/>; rows is rounded up to a multiple of 16 (those beyond must hold finite numbers).</summary>
    public abstract void Forward(int rows);

    /// <summary>As <see cref="Forward"/>, with the first layer's product over the time features already in <paramref name="firstBias"/> (WidthStride floats): all rows have one noise level.</summary>
    public abstract void ForwardAtOneLevel(int rows, float* firstBias);

    /// <summary>Forward and backward; the gradient is written, or added when <paramref name="accumulate"/>. Returns the block's sum of weight |F - target|^2 / (batch d).</summary>
    public abstract double LossAndGradient(int rows, bool accumulate);

    /// <summary>One step of Adam on all parameters with the current gradient, and <see cref="WeightsChanged"/>.</summary>
    public abstract void Update(float* first, float* second, AdamStep step);

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (!disposing)
            return;
        _weights.Dispose();
        _mirror.Dispose();
        _input.Dispose();
    }
}

/// <inheritdoc/>
internal sealed unsafe class FusedMlp<T, L> : FusedMlp
    where T : unmanaged
    where L : struct, ILanes<T>
{
    private readonly MatrixProduct _byInput, _byWidth, _byOutput, _byTranspose;
    private readonly NativeBuffer _hidden, _slopes, _upstream, _output, _target, _rowScale, _squares, _gradient, _zeros;
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
        _output = new NativeBuffer(BlockRows * Layout.OutputStride);
        _zeros = new NativeBuffer(Math.Max(Layout.WidthStride, Layout.OutputStride));
        int unit = training ? 1 : 0;
        _slopes = new NativeBuffer(unit * _layers * _hiddenFloats);
        _upstream = new NativeBuffer(unit * _hiddenFloats);
        _target = new NativeBuffer(unit * BlockRows * Layout.OutputStride);
        _rowScale = new NativeBuffer(unit * BlockRows);
        _squares = new NativeBuffer(unit * Layout.OutputPadded);
        _gradient = new NativeBuffer(unit * Layout.Count);
    }

    public override float* Output => _output.Pointer;

    public override float* Target => _target.Pointer;

    public override float* RowScale => _rowScale.Pointer;

    public override float* Gradient => _gradient.Pointer;

    public override void Forward(int rows) => Forward((rows + 15) & ~15, Shape.Inputs, Weights + Layout.HiddenBiases[0], keepSlopes: false);

    public override void ForwardAtOneLevel(int rows, float* firstBias) => Forward((rows + 15) & ~15, Shape.Dimensions, firstBias, keepSlopes: false);

    public override double LossAndGradient(int rows, bool accumulate)
    {
        rows = (rows + 15) & ~15;
        Forward(rows, Shape.Inputs, Weights + Layout.HiddenBiases[0], keepSlopes: true);

        int outputs = Layout.OutputPadded, stride = Layout.OutputStride;
        RowKernels<T, L>.LossGradient(Output, Target, RowScale, Gradient + Layout.OutputBias, _squares.Pointer, accumulate, rows, outputs, stride);
        double loss = 0;
        for (int column = 0; column < Shape.Dimensions; column++)
            loss += _squares.Pointer[column];

        WeightGradient(Hidden(_layers - 1), Layout.WidthStride, Output, stride, Layout.OutputWeight, Shape.Width, outputs, rows, accumulate);
        WeightGradient(Input, Layout.InputStride, Output, stride, Layout.Skip, Shape.Dimensions, outputs, rows, accumulate);
        _byOutput.Run(Output, 1, Mirrors + Layout.OutputMirror, Layout.WidthStride, _zeros.Pointer, 0, _upstream.Pointer, Layout.WidthStride, rows, Layout.WidthPadded, Shape.Dimensions);
        for (int layer = _layers - 1; ; layer--)
        {
            float* slopes = Slopes(layer);
            RowKernels<T, L>.MultiplyAndSum(slopes, _upstream.Pointer, Gradient + Layout.HiddenBiases[layer], accumulate, rows, Layout.WidthPadded, Layout.WidthStride);
            if (layer == 0)
                break;
            WeightGradient(Hidden(layer - 1), Layout.WidthStride, slopes, Layout.WidthStride, Layout.HiddenWeights[layer], Shape.Width, Layout.WidthPadded, rows, accumulate);
            _byWidth.Run(slopes, 1, Mirrors + Layout.HiddenMirrors[layer], Layout.WidthStride, _zeros.Pointer, 0, _upstream.Pointer, Layout.WidthStride, rows, Layout.WidthPadded, Shape.Width);
        }

        WeightGradient(Input, Layout.InputStride, Slopes(0), Layout.WidthStride, Layout.HiddenWeights[0], Shape.Inputs, Layout.WidthPadded, rows, accumulate);
        return loss / 2;
    }

    public override void Update(float* first, float* second, AdamStep step)
    {
        RowKernels<T, L>.Adam(Weights, Gradient, first, second, Layout.Count, step);
        WeightsChanged();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (var buffer in (ReadOnlySpan<NativeBuffer>)[_hidden, _slopes, _upstream, _output, _target, _rowScale, _squares, _gradient, _zeros])
                buffer.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>A block's activations and slopes should stay in the second-level cache, beside a panel of weights.</summary>
    private static int ChooseBlockRows(MlpShape shape) => shape.Width <= 64 ? 64 : 128;

    private float* Hidden(int layer) => _hidden.Pointer + ((nint)layer * _hiddenFloats);

    private float* Slopes(int layer) => _slopes.Pointer + ((nint)layer * _hiddenFloats);

    private void Forward(int rows, int inputs, float* firstBias, bool keepSlopes)
    {
        float* previous = Input;
        for (int layer = 0; layer < _layers; layer++)
        {
            float* hidden = Hidden(layer);
            float* bias = layer == 0 ? firstBias : Weights + Layout.HiddenBiases[layer];
            (layer == 0 ? _byInput : _byWidth).Run(
                previous, 1, Weights + Layout.HiddenWeights[layer], Layout.WidthStride, bias, 0, hidden, Layout.WidthStride, rows, Layout.WidthPadded, layer == 0 ? inputs : Shape.Width);
            Activate(hidden, Slopes(layer), rows, keepSlopes);
            previous = hidden;
        }

        int outputs = Layout.OutputPadded, stride = Layout.OutputStride;
        _byWidth.Run(previous, 1, Weights + Layout.OutputWeight, stride, Weights + Layout.OutputBias, 0, Output, stride, rows, outputs, Shape.Width);
        _byInput.Run(Input, 1, Weights + Layout.Skip, stride, Output, stride, Output, stride, rows, outputs, Shape.Dimensions);
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
        if (keepSlopes)
            RowKernels<T, L>.Activate<TActivation>(hidden, slopes, rows, Layout.WidthPadded, Layout.WidthStride);
        else
            RowKernels<T, L>.Activate<TActivation>(hidden, rows, Layout.WidthPadded, Layout.WidthStride);
    }

    /// <summary>Gradient at offset (inputs, columns) = or += activations^T gradients.</summary>
    private void WeightGradient(float* activations, int activationStride, float* gradients, int gradientStride, int offset, int inputs, int columns, int rows, bool accumulate)
    {
        float* target = Gradient + offset;
        float* init = accumulate ? target : _zeros.Pointer;
        _byTranspose.Run(activations, activationStride, gradients, gradientStride, init, accumulate ? gradientStride : 0, target, gradientStride, inputs, columns, rows);
    }
}
