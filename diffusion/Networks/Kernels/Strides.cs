namespace Sweep.Diffusion.Networks.Kernels;

/// <summary>
/// A row stride in floats, as a type: the compiler sees a constant and folds it into addresses, where a variable would need a register per row.
/// </summary>
internal interface IStride
{
    static abstract int Floats { get; }
}

/// <summary>
/// The strides that buffers have. Those of 64 and more are an odd number of cache lines, because rows a power of two apart fall into the same few sets of the
/// first-level cache and evict each other.
/// </summary>
internal static class Strides
{
    private static readonly int[] Allowed = [16, 32, 48, 80, 112, 144, 208, 272, 400, 528, 784, 1040];

    /// <summary>The least allowed stride for a row.</summary>
    public static int For(int columns) => Array.Find(Allowed, s => s >= columns) is > 0 and var stride
        ? stride
        : throw new ArgumentOutOfRangeException(nameof(columns), $"columns: {columns}; allowed: up to {Allowed[^1]}");

    /// <summary>Columns rounded up to whole registers of the widest path; what lies beyond the true columns is zero.</summary>
    public static int Padded(int columns) => (columns + 15) & ~15;

    /// <summary>Neighbouring floats: the rows of a matrix read as its transpose.</summary>
    internal readonly struct One : IStride { public static int Floats => 1; }

    internal readonly struct S16 : IStride { public static int Floats => 16; }

    internal readonly struct S32 : IStride { public static int Floats => 32; }

    internal readonly struct S48 : IStride { public static int Floats => 48; }

    internal readonly struct S80 : IStride { public static int Floats => 80; }

    internal readonly struct S112 : IStride { public static int Floats => 112; }

    internal readonly struct S144 : IStride { public static int Floats => 144; }

    internal readonly struct S208 : IStride { public static int Floats => 208; }

    internal readonly struct S272 : IStride { public static int Floats => 272; }

    internal readonly struct S400 : IStride { public static int Floats => 400; }

    internal readonly struct S528 : IStride { public static int Floats => 528; }

    internal readonly struct S784 : IStride { public static int Floats => 784; }

    internal readonly struct S1040 : IStride { public static int Floats => 1040; }
}
