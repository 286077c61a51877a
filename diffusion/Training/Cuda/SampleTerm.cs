using System.Runtime.InteropServices;

namespace Sweep.Diffusion.Training.Cuda;

/// <summary>A slot, or with slot -1 a step's noise: the same bytes as SampleTerm in Kernels/sample.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SampleTerm
{
    public int Slot;
    public uint NoiseStep;
}
