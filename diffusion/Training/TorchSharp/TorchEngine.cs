using System.Globalization;
using System.Runtime.InteropServices;
using Sweep.Diffusion.Networks;
using TorchSharp;

namespace Sweep.Diffusion.Training.Torch;

/// <inheritdoc/>
/// <remarks>
/// One thread per operation: a silo's slots are what keeps the cores busy, and sums then have one order. Single precision everywhere: TF32, which convolutions
/// would take by default, has 10 bits.
/// </remarks>
internal sealed class TorchEngine : ITorchEngine
{
    private const string Cuda = "torch:cuda:";

    private readonly Lazy<Loaded> _loaded = new(Load);

    public string? Problem => _loaded.Value.Problem;

    public string Version => _loaded.Value.Problem is null ? TorchLibrary.Found.Version : "no libtorch";

    public string Library => _loaded.Value.Problem ?? $"{TorchLibrary.Found.Shown}{ByProducts}";

    public string? Warning => Problem is null && TorchLibrary.Found.IsReferenceBlas
        ? $"{TorchLibrary.Found.Blas} is the reference BLAS, an order of magnitude slower at large widths; install a fast one: apt-get install "
            + $"libopenblas0-pthread"
        : null;

    public IReadOnlyList<string> Devices => _loaded.Value.Devices;

    /// <summary>What the self-check found to go round, in words.</summary>
    private string ByProducts => string.Concat(Devices.Select(d => (Name: d, Found: TorchConvolution.Of(Device(d)))).Where(d => d.Found.ByProducts)
        .Select(d => $"; convolutions by matrix products on {d.Name}, since libtorch's own {d.Found.Native}"));

    public ITrainer CreateTrainer(string device) => new TorchTrainer(Device(device));

    public ITrainedDenoiser CreateDenoiser(TrainedNetwork network, string device) => new TorchDenoiser(network, Device(device));

    /// <exception cref="ArgumentException">There is no such device here.</exception>
    public torch.Device Device(string name)
    {
        if (!Devices.Contains(name, StringComparer.Ordinal))
            throw new ArgumentException($"device: {name}; allowed here: {(Problem is { } problem ? $"none ({problem})" : string.Join(", ", Devices))}",
                nameof(name));
        return name.StartsWith(Cuda, StringComparison.Ordinal)
            ? new torch.Device(DeviceType.CUDA, int.Parse(name.AsSpan(Cuda.Length), CultureInfo.InvariantCulture))
            : torch.CPU;
    }

    private static Loaded Load()
    {
        try
        {
            if (TorchNative.Load() is { } problem)
                return Loaded.Not(problem);
            torch.InitializeDeviceType(DeviceType.CPU);
            torch.set_num_threads(1);
            torch.set_num_interop_threads(1);
            TorchLibrary.Found.OneThread();
            List<string> devices = ["torch:cpu"];
            if (torch.cuda.is_available())
            {
                torch.backends.cuda.matmul.allow_tf32 = false;
                torch.backends.cudnn.allow_tf32 = false;
                devices.AddRange(Enumerable.Range(0, torch.cuda.device_count()).Select(i => $"{Cuda}{i}"));
            }

            foreach (string device in devices)
            {
                torch.Device there = device == "torch:cpu"
                    ? torch.CPU : new torch.Device(DeviceType.CUDA, int.Parse(device.AsSpan(Cuda.Length), CultureInfo.InvariantCulture));
                if ((TorchSelfCheck.Wrong(TorchSelfCheck.Plain, there) ?? TorchConvolution.Of(there).Problem) is { } wrong)
                    return Loaded.Not($"libtorch computes wrongly on {device}: {wrong}");
            }

            return new Loaded(null, devices);
        }
        catch (Exception e) when (e
            is NotSupportedException or DllNotFoundException or TypeInitializationException or EntryPointNotFoundException or ExternalException)
        {
            return Loaded.Not(e.Message.Split('\n')[0].Trim());
        }
    }

    private sealed record Loaded(string? Problem, IReadOnlyList<string> Devices)
    {
        public static Loaded Not(string reason) => new($"{reason} (docs/torchsharp.md)", []);
    }
}
