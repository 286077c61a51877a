using Sweep.Diffusion.Training;
using Sweep.Diffusion.Training.Cuda;

namespace Sweep.Silo.Devices;

/// <summary>What libtorch trains on, through TorchSharp: every kind of network, a trial per core.</summary>
internal sealed class TorchKind : IDeviceKind
{
    /// <inheritdoc/>
    public string Name => "torch";

    /// <inheritdoc/>
    public string Title => "TorchSharp trainer";

    /// <inheritdoc/>
    public string Help => "torch:cpu, torch:cuda:N (with a libtorch: sweep setup --torch)";

    /// <inheritdoc/>
    public bool IsAutomatic => false;

    /// <inheritdoc/>
    public IReadOnlyList<string> Find(out string? why)
    {
        why = TorchRuntime.Missing;
        return TorchRuntime.Engine.Devices;
    }

    /// <inheritdoc/>
    public SiloDevice? Open(string device, TimeProvider time, out string? problem, CancellationToken cancellation)
    {
        ITorchEngine engine = TorchRuntime.Engine;
        try
        {
            ITrainer trainer = engine.CreateTrainer(device);
            problem = DeviceCheck.Problem(trainer, evaluator: null, cancellation) is { } wrong ? $"{device} failed its check: {wrong}" : null;
            string slow = engine.Warning is { } warning ? $"; slow: {warning}" : string.Empty;
            return problem is null
                ? new SiloDevice(device, $"{device} ({engine.Version})", trainer,
                    Environment.ProcessorCount) { Detail = $"TorchSharp {TorchRuntime.Version}, {engine.Library}{slow}" }
                : null;
        }
        catch (DeviceMemoryException e)
        {
            problem = $"{device}: {e.Message}";
            return null;
        }
    }
}
