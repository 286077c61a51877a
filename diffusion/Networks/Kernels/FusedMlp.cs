using System.Runtime.Intrinsics;
using Sweep.Diffusion.Numerics;
using Sweep.Diffusion.Numerics.Lanes;

namespace Sweep.Diffusion.Networks.Kernels;

/// <summary>
/// The network's forward and backward pass over blocks of rows that stay in cache. Use: <see cref="SetWeights"/>; per block fill <see cref="InputColumns"/> and
/// the features in <see cref="Input"/> (and <see cref="TargetColumns"/>, <see cref="RowScale"/>), then <see cref="Forward"/>, or <see cref="LossAndGradient"/>
/// and after the last block <see cref="FinishGradient"/>. Not thread-safe. Allocates only when made. Readable reference: <see cref="ReferenceMlp"/>.
/// </summary>
internal abstract unsafe class FusedMlp : IDisposable
{
    private readonly NativeBuffer _weights, _mirror, _input, _inputColumns;

    protected FusedMlp(MlpShape shape, int blockRows)
    {
        BlockRows = blockRows;
        Layout = new PaddedLayout(shape);
        _weights = new NativeBuffer(Layout.Count);
        _mirror = new NativeBuffer(Layout.MirrorCount);
        _input = new NativeBuffer(blockRows * Layout.InputStride);
        _inputColumns = new NativeBuffer(blockRows * shape.Dimensions);
    }

    public PaddedLayout Layout { get; }

    public MlpShape Shape => Layout.Shape;

    /// <summary>Rows in a full block: a multiple of 16, the same on every vector path because partial sums depend on it.</summary>
    public int BlockRows { get; }

    /// <summary>Padded parameters; call <see cref="WeightsChanged"/> after writing them.</summary>
    public float* Weights => _weights.Pointer;

    /// <summary>(BlockRows, InputStride): [scaled x, time features]; the first come from <see cref="InputColumns"/>.</summary>
    public float* Input => _input.Pointer;

    /// <summary>(d, BlockRows): scaled x, one column of the batch after the other.</summary>
    public float* InputColumns => _inputColumns.Pointer;

    protected float* Mirrors => _mirror.Pointer;

    /// <summary>Output of the last forward pass: element (row, j) is at row * <see cref="OutputRowStep"/> + j * <see cref="OutputColumnStep"/>.</summary>
    public abstract float* Output { get; }

    public int OutputRowStep => Layout.IsNarrow ? 1 : Layout.OutputStride;

    public int OutputColumnStep => Layout.IsNarrow ? BlockRows : 1;

    /// <summary>(d, BlockRows): targets, one column after the other.</summary>
    public abstract float* TargetColumns { get; }

    /// <summary>(BlockRows): 2 weight / (batch d) of each row, 0 for rows beyond the batch.</summary>
    public abstract float* RowScale { get; }

    /// <summary>Padded gradient, as the weights; complete after <see cref="FinishGradient"/>.</summary>
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

    /// <summary>
    /// The network's output for the rows in <see cref="Input"/>; rows is rounded up to a multiple of 16 (those beyond must hold finite numbers).
    /// </summary>
    public abstract void Forward(int rows);

    /// <summary>
    /// As <see cref="Forward"/>, with the first layer's product over the time features already in <paramref name="firstBias"/> (WidthStride floats): all rows
    /// have one noise level.
    /// </summary>
    public abstract void ForwardAtOneLevel(int rows, float* firstBias);

    /// <summary>
    /// Forward and backward; the gradient is written, or added when <paramref name="accumulate"/>. Returns the block's sum of weight |F - target|^2 / (batch
    /// d).
    /// </summary>
    public abstract double LossAndGradient(int rows, bool accumulate);

    /// <summary>Call after the last block of a batch: adds up sums that are kept in parts.</summary>
    public abstract void FinishGradient();

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
        _inputColumns.Dispose();
    }
}
