using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Training;
using Sweep.Silo.Preparation;

namespace Sweep.Silo.Devices;

/// <summary>
/// Where networks are trained and sampled that our own kernels don't know: through libtorch on the device that stands beside the silo's, <c>cuda:1</c> beside
/// <c>torch:cuda:1</c> where libtorch sees it, else the processor. Thread-safe.
/// </summary>
internal static class TorchFallback
{
    /// <summary>A GPU's silo leases hundreds of trials, but each of these keeps a core busy.</summary>
    private static readonly CoreGate Cores = new(Environment.ProcessorCount);

    /// <summary>libtorch's name of a silo's device.</summary>
    public static string DeviceFor(SiloDevice device)
    {
        string id = device.Id.StartsWith("torch:", StringComparison.Ordinal)
            ? device.Id : $"torch:{device.Id.Replace("-tf32:", ":", StringComparison.Ordinal)}";
        return TorchRuntime.Engine.Devices.Contains(id, StringComparer.Ordinal) ? id : "torch:cpu";
    }

    /// <summary>What trains a network for a silo's device, and its name for display.</summary>
    /// <exception cref="TrialFailedException">It needs libtorch, and there is none here.</exception>
    public static (ITrainer? Trainer, string Name) TrainerFor(SiloDevice device, NetworkShape shape)
    {
        if (shape.IsFused || device.Id.StartsWith("torch:", StringComparison.Ordinal))
            return (device.Trainer, device.Name);
        if (TorchRuntime.Missing is { } missing)
            throw new TrialFailedException($"network {shape.Kind} of width {shape.Width}: {missing}") { MustRepeat = false };
        string name = DeviceFor(device);
        return (new Gated(TorchRuntime.Engine.CreateTrainer(name)), $"{name} ({TorchRuntime.Engine.Version})");
    }

    private sealed class Gated(ITrainer trainer) : ITrainer
    {
        public IReadOnlyList<TrainingOutcome> Train(IReadOnlyList<TrainingJob> jobs, ITrainingObserver observer, CancellationToken cancellation)
        {
            using CoreGate.Pass core = Cores.Enter(cancellation);
            return trainer.Train(jobs, observer, cancellation);
        }
    }
}
