using Sweep.Diffusion.Training.Torch;
using TorchSharp;

namespace Sweep.Tests.Diffusion.Training.Torch;

/// <summary>Asks libtorch's allocator for memory.</summary>
internal static class TorchMemoryProbe
{
    public static long Allocate(long floats) => TorchMemory.Told(torch.CPU, () =>
    {
        using var tensor = torch.empty(floats);
        return tensor.numel();
    });
}
