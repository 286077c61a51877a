using Sweep.Diffusion.Networks;

namespace Sweep.Diffusion.Training.Cuda;

/// <summary>One build of the training kernel: the same table as Kernels/variants.h.</summary>
/// <param name="Width">The greatest network width.</param>
/// <param name="Number">Which of that width's.</param>
/// <param name="Threads">Of a block, a power of two.</param>
/// <param name="Rows">Of a batch at a time.</param>
/// <param name="Slices">Copies of the gradient, added up at the end of a step.</param>
/// <param name="Placement">Where it keeps what.</param>
/// <param name="Precision">What multiplies: lanes in single precision, or the tensor cores in tf32.</param>
internal sealed record KernelVariant(int Width, int Number, int Threads, int Rows, int Slices, Placement Placement,
    TrainingPrecision Precision = TrainingPrecision.Fp32)
{
    /// <summary>By precision and width, and within it by preference; the last of a width fits every device.</summary>
    public static IReadOnlyList<KernelVariant> All { get; } =
    [
        new(16, 0, 128, 128, 4, Placement.AllShared),
        new(16, 1, 64, 64, 2, Placement.AllShared),
        new(16, 2, 128, 64, 1, Placement.AllGlobal),
        new(32, 0, 128, 64, 2, Placement.MomentsGlobal),
        new(32, 1, 256, 128, 2, Placement.MomentsGlobal),
        new(32, 2, 128, 64, 1, Placement.AllGlobal),
        new(64, 0, 256, 64, 1, Placement.MomentsGlobal),
        new(64, 1, 128, 64, 1, Placement.MomentsGlobal),
        new(64, 2, 256, 64, 1, Placement.ParametersGlobal),
        new(64, 3, 256, 64, 1, Placement.AllGlobal),
        new(128, 0, 256, 64, 1, Placement.ParametersGlobal),
        new(128, 1, 256, 32, 1, Placement.ParametersGlobal),
        new(128, 2, 256, 64, 1, Placement.AllGlobal),
        new(256, 0, 256, 32, 1, Placement.ParametersGlobal),
        new(256, 1, 256, 64, 1, Placement.AllGlobal),
        new(512, 0, 256, 64, 1, Placement.AllGlobal),
        new(1024, 0, 256, 64, 1, Placement.AllGlobal),
        new(32, 3, 128, 64, 1, Placement.MomentsGlobal, TrainingPrecision.Tf32),
        new(32, 4, 128, 64, 1, Placement.AllGlobal, TrainingPrecision.Tf32),
        new(64, 4, 256, 64, 1, Placement.MomentsGlobal, TrainingPrecision.Tf32),
        new(64, 5, 128, 64, 1, Placement.MomentsGlobal, TrainingPrecision.Tf32),
        new(64, 6, 256, 64, 1, Placement.ParametersGlobal, TrainingPrecision.Tf32),
        new(64, 7, 256, 64, 1, Placement.AllGlobal, TrainingPrecision.Tf32),
        new(128, 3, 256, 48, 1, Placement.ParametersGlobal, TrainingPrecision.Tf32),
        new(128, 4, 256, 32, 1, Placement.ParametersGlobal, TrainingPrecision.Tf32),
        new(128, 5, 256, 64, 1, Placement.AllGlobal, TrainingPrecision.Tf32),
        new(256, 2, 256, 32, 1, Placement.ParametersGlobal, TrainingPrecision.Tf32),
        new(256, 3, 256, 64, 1, Placement.AllGlobal, TrainingPrecision.Tf32),
        new(512, 1, 256, 64, 1, Placement.AllGlobal, TrainingPrecision.Tf32),
        new(1024, 1, 256, 64, 1, Placement.AllGlobal, TrainingPrecision.Tf32),
    ];

    /// <summary>What rows of inputs come in multiples of.</summary>
    public int InputStep => Precision == TrainingPrecision.Tf32 ? 8 : 4;

    /// <summary>The kernel's name in its module.</summary>
    public string Name => $"train_{Width}_{Number}";

    /// <summary>The file that holds it.</summary>
    public string Module => $"{(Precision == TrainingPrecision.Tf32 ? "matrix" : "train")}-{Width}";

    /// <summary>Floats from one unit's row of values to the next's: 4 modulo 32 (8 or 24 for the tensor cores), for the banks' sake.</summary>
    public int RowStride => Rows + InputStep;

    /// <summary>Floats from one row of weights to the next.</summary>
    public int WeightStride => Width + InputStep;

    /// <summary>
    /// Every variant that can train a shape on a device, the preferred first. Which one it is decides in what order sums are added, so nothing else (the batch
    /// beside it, the load) may. Networks too narrow for the tensor cores' tiles are trained in single precision whatever is asked for.
    /// </summary>
    /// <param name="shape">The network.</param>
    /// <param name="sharedBytes">The most shared memory that a block of the device may have.</param>
    /// <param name="precision">What is to multiply.</param>
    public static IEnumerable<KernelVariant> For(MlpShape shape, int sharedBytes, TrainingPrecision precision = TrainingPrecision.Fp32)
    {
        int width = All.First(v => v.Width >= shape.Width).Width;
        TrainingPrecision there = All.Any(v => v.Width == width && v.Precision == precision) ? precision : TrainingPrecision.Fp32;
        return All.Where(v => v.Width == width && v.Precision == there && KernelPlan.For(shape, v).SharedBytes(v) <= sharedBytes);
    }
}
