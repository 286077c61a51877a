using System.Runtime.InteropServices;
using Sweep.Diffusion.Training.Cuda;
using TorchSharp;

namespace Sweep.Diffusion.Training.Torch;

/// <summary>Tells memory that does not suffice from other failures: libtorch has one exception for all, and only its words differ.</summary>
internal static class TorchMemory
{
    /// <summary>What the allocators say: CUDA's (2.x: torch.OutOfMemoryError's text), and the processor's in its versions.</summary>
    private static readonly string[] Words = ["out of memory", "can't allocate memory", "not enough memory", "CUBLAS_STATUS_ALLOC_FAILED"];

    /// <exception cref="DeviceMemoryException">The work wanted more memory than there is.</exception>
    public static T Told<T>(torch.Device device, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (ExternalException e) when (IsShort(e.Message))
        {
            throw new DeviceMemoryException($"torch:{device}: {e.Message.Split('\n')[0]}", e);
        }
    }

    public static bool IsShort(string message) => Array.Exists(Words, w => message.Contains(w, StringComparison.OrdinalIgnoreCase));
}
