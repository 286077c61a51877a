namespace Sweep.Diffusion.Training.Cuda;

/// <summary>A GPU that the packed trainer can use.</summary>
/// <param name="Index">As <c>--device cuda:INDEX</c> has it.</param>
/// <param name="Name">The maker's.</param>
/// <param name="Capability">Compute capability.</param>
/// <param name="MemoryBytes">All of its memory.</param>
/// <param name="Multiprocessors">How many.</param>
/// <param name="SharedBytes">The most shared memory that a block may have.</param>
/// <param name="ClockHertz">The multiprocessors' highest clock.</param>
/// <param name="BytesPerSecond">The memory's bandwidth, by its clock and width.</param>
public sealed record CudaDevice(int Index, string Name, Version Capability, long MemoryBytes, int Multiprocessors, int SharedBytes, double ClockHertz,
    double BytesPerSecond)
{
    /// <summary>For display: <c>cuda:0 (NVIDIA H200)</c>.</summary>
    public override string ToString() => $"cuda:{Index} ({Name})";
}
