using System.Runtime.InteropServices;

namespace Sweep.Diffusion.Training.Cuda;

/// <summary>What the kernel of distances is told: the same bytes as PairCall in Kernels/measure.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PairCall
{
    public nuint A;
    public nuint B;
    public nuint Sums;
    public int CountA;
    public int CountB;
    public int Dimensions;
    public int BlocksB;
}
