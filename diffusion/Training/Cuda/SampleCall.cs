using System.Runtime.InteropServices;

namespace Sweep.Diffusion.Training.Cuda;

/// <summary>What the sampling kernel is told: the same bytes as SampleCall in Kernels/sample.h, which says what each is.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SampleCall
{
    public nuint Weights;
    public nuint FirstBias;
    public nuint Steps;
    public nuint Terms;
    public nuint TermWeights;
    public nuint Added;
    public nuint Slots;
    public nuint Records;
    public nuint Scratch;
    public ulong Seed;
    public int Rows;
    public int Stride;
    public int From;
    public int Until;
    public int FirstRecord;
    public int BiasStride;
    public int ScratchFloats;
    public int AtInput;
    public int AtPartial;
    public int AtWeights;
    public KernelPlan Plan;
}
