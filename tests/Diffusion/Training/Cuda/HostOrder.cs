namespace Sweep.Tests.Diffusion.Training.Cuda;

/// <summary>In which order the host runs a block's threads; the numbers are those of Kernels/block.h.</summary>
internal enum HostOrder
{
    Ascending = 0,
    Descending = 1,
    Scattered = 2,
    /// <summary>For the race check: each of a block's threads is one to the thread sanitizer.</summary>
    Watched = 3,
}
