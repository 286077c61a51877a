using Sweep.Diffusion.Networks;

namespace Sweep.Diffusion.Training.Cuda;

/// <summary>
/// The kernels that evaluate networks of up to a width and sample with them, laid out for one shape: the same table as SWEEP_FORWARD in Kernels/variants.h.
/// </summary>
internal sealed class ForwardKernel
{
    private static readonly KernelVariant[] Variants =
    [
        new(16, 0, 128, 64, 1, Placement.AllShared),
        new(32, 0, 128, 64, 1, Placement.AllShared),
        new(64, 0, 128, 64, 1, Placement.AllShared),
        new(128, 0, 256, 64, 1, Placement.ParametersGlobal),
        new(256, 0, 256, 64, 1, Placement.ParametersGlobal),
        new(512, 0, 256, 64, 1, Placement.AllGlobal),
        new(1024, 0, 256, 64, 1, Placement.AllGlobal),
    ];

    private readonly KernelVariant _variant;
    private readonly int _floats;

    private ForwardKernel(MlpShape shape, KernelVariant variant)
    {
        _variant = variant;
        Plan = KernelPlan.For(shape, variant);
        int d = shape.Dimensions;
        AtInput = 2 * Plan.Units * variant.RowStride;
        AtPartial = AtInput + ((d + 3) / 4 * 4 * variant.RowStride);
        AtWeights = AtPartial + (Plan.OutputSlices * d * variant.RowStride);
        _floats = AtWeights + (variant.Placement == Placement.AllShared ? Plan.Parameters : 0);
    }

    public KernelPlan Plan { get; }

    public int WeightStride => _variant.WeightStride;

    /// <summary>Offsets in floats in a block's shared memory or scratch.</summary>
    public int AtInput { get; }

    public int AtPartial { get; }

    public int AtWeights { get; }

    /// <summary>Floats of global memory that a block takes beside what is read and written.</summary>
    public int ScratchFloats => _variant.Placement == Placement.AllGlobal ? _floats : 0;

    private int SharedBytes => _variant.Placement == Placement.AllGlobal ? 0 : sizeof(float) * _floats;

    /// <summary>The narrowest that holds the shape and whose blocks fit into the shared memory; those of 512 and more need none.</summary>
    /// <param name="shape">The network.</param>
    /// <param name="sharedBytes">The most shared memory that a block of the device may have.</param>
    public static ForwardKernel For(MlpShape shape, int sharedBytes) =>
        Variants.Where(v => v.Width >= shape.Width).Select(v => new ForwardKernel(shape, v)).First(k => k.SharedBytes <= sharedBytes);

    /// <summary>Points that a block takes.</summary>
    public int Rows => _variant.Rows;

    public int Blocks(int rows) => (rows + _variant.Rows - 1) / _variant.Rows;

    public KernelCall Call(int rows) => new($"train-{_variant.Width}", $"forward_{_variant.Width}", Blocks(rows), _variant.Threads, SharedBytes);

    /// <summary>All reverse steps of points: <see cref="SampleCall"/>.</summary>
    public KernelCall Sampling(int rows) => Call(rows) with { Kernel = $"sample_{_variant.Width}" };
}
