using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Training;
using Sweep.Diffusion.Training.Cuda;

namespace Sweep.Silo.Devices;

/// <summary>NVIDIA GPUs by the packed trainer: a slot is a trial of a pack that trains together.</summary>
/// <param name="precision">What networks wider than 16 are trained in. Tf32 has to be asked for by name, for its networks are others: a kind of its own,
/// <c>cuda-tf32</c>.</param>
internal sealed class CudaKind(TrainingPrecision precision = TrainingPrecision.Fp32) : IDeviceKind
{
    /// <summary>
    /// The most trials that a GPU's silo leases by itself: enough to keep the largest GPU busy several times over, few enough for one thread each.
    /// </summary>
    private const int MaxSlots = 1024;

    /// <summary>The network that slots are counted in, a large one; trials of larger ones wait for memory where it runs out.</summary>
    private static readonly MlpShape CountedShape = new(8, MlpShape.DefaultTimeFeatures, 256, 8, Activation.Silu);

    /// <inheritdoc/>
    public string Name => precision == TrainingPrecision.Tf32 ? "cuda-tf32" : "cuda";

    /// <inheritdoc/>
    public string Title => precision == TrainingPrecision.Tf32 ? "GPU trainer in tf32" : "GPU trainer";

    /// <inheritdoc/>
    public string Help => precision == TrainingPrecision.Tf32 ? "cuda-tf32, cuda-tf32:N (the same, trained by the tensor cores)" : "cuda (every GPU), cuda:N";

    /// <inheritdoc/>
    public bool IsAutomatic => precision == TrainingPrecision.Fp32;

    /// <inheritdoc/>
    public IReadOnlyList<string> Find(out string? why) => [.. CudaDevices.Find(out why).Select(Id)];

    /// <inheritdoc/>
    public SiloDevice? Open(string device, TimeProvider time, out string? problem, CancellationToken cancellation)
    {
        PackingTrainer? trainer = null;
        CudaDevice gpu = CudaDevices.Find(out _).Single(d => Id(d) == device);
        try
        {
            trainer = PackingTrainer.Open(gpu, precision, time);
            problem = DeviceCheck.Problem(trainer, trainer, cancellation, precision) is { } wrong ? $"{gpu} failed its check: {wrong}" : null;
            if (problem is null)
                return Device(device, trainer,
                    $"{gpu.Name}, {gpu.MemoryBytes >> 30} GiB, {gpu.Multiprocessors} multiprocessors, compute capability {gpu.Capability}");
        }
        catch (Exception e) when (e is CudaException or DeviceMemoryException)
        {
            problem = $"{gpu}: {e.Message}";
        }

        trainer?.Dispose();
        return null;
    }

    /// <summary>A device around a trainer, which it takes over; its slots are what free memory holds now.</summary>
    internal static SiloDevice Device(string id, PackingTrainer trainer, string detail) =>
        new(id, trainer.Device, trainer, Math.Min(MaxSlots, trainer.Capacity(CountedShape, points: 100_000, TrainingSettings.DefaultSteps)),
            trainer) { Detail = detail, Evaluator = trainer };

    private string Id(CudaDevice device) => $"{Name}:{device.Index}";
}
