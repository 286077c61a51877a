namespace Sweep.Diffusion.Training.Cuda;

/// <summary>A launch of a kernel that takes one struct.</summary>
/// <param name="Module">The file that holds it: <c>train-16</c>, <c>measure</c>.</param>
/// <param name="Kernel">Its name.</param>
/// <param name="Blocks">How many.</param>
/// <param name="Threads">Of a block.</param>
/// <param name="SharedBytes">Shared memory of a block.</param>
internal readonly record struct KernelCall(string Module, string Kernel, int Blocks, int Threads, int SharedBytes);
