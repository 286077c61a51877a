using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Sweep.Diffusion.Numerics;

/// <summary>Which instructions the fp32 kernels use. All give the same bits; only their speed differs.</summary>
public enum VectorPath
{
    Scalar = 1,

    /// <summary>AVX2 and FMA.</summary>
    Vector256 = 8,

    /// <summary>AVX-512.</summary>
    Vector512 = 16,
}

/// <summary>What this machine offers.</summary>
public static class VectorPaths
{
    /// <summary>The widest path this machine runs at full speed.</summary>
    public static VectorPath Best =>
        Supports(VectorPath.Vector512) ? VectorPath.Vector512 : Supports(VectorPath.Vector256) ? VectorPath.Vector256 : VectorPath.Scalar;

    public static bool Supports(VectorPath path) => path switch
    {
        // IsHardwareAccelerated is false on processors whose clock drops under 512-bit code; the real 256-bit path is faster there, and far faster than an
        // emulated Vector512.
        VectorPath.Vector512 => Vector512.IsHardwareAccelerated && Avx512F.IsSupported && Avx512DQ.IsSupported,
        VectorPath.Vector256 => Vector256.IsHardwareAccelerated && Avx2.IsSupported && Fma.IsSupported,
        VectorPath.Scalar => true,
        _ => false,
    };
}
