using System.Runtime.InteropServices;

namespace Sweep.Diffusion.Training.Cuda;

/// <summary>What the forward kernel is told: the same bytes as ForwardCall in Kernels/forward.h. Pointers are device addresses.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ForwardCall
{
    public nuint Weights;
    public nuint FirstBias;
    public nuint X;
    public nuint Output;
    public nuint Scratch;
    public int Rows;
    public int ScratchFloats;
    public int AtInput;
    public int AtPartial;
    public int AtWeights;
    public int Unused;
    public KernelPlan Plan;
}
