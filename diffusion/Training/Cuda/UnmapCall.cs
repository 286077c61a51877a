using System.Runtime.InteropServices;

namespace Sweep.Diffusion.Training.Cuda;

/// <summary>What the kernel of the way back to data space is told: the same bytes as UnmapCall in Kernels/measure.h, which says what each is.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct UnmapCall
{
    public nuint Records;
    public nuint Points;
    public nuint Wide;
    public nuint Tables;
    public nuint Layers;
    public int LayerCount;
    public int Rows;
    public int Stride;
    public int Dimensions;
    public int BlockRows;
    public int BlocksPerState;
}
