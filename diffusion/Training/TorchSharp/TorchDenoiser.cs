using System.Runtime.InteropServices;
using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Schedules;
using TorchSharp;

namespace Sweep.Diffusion.Training.Torch;

/// <summary>
/// A trained network of any kind as a denoiser: fp32 inside, in blocks of rows. A row's result may depend on the rows of its block in the last bits, because
/// libtorch orders its sums by the shape. Not thread-safe.
/// </summary>
internal sealed class TorchDenoiser : ITrainedDenoiser
{
    private readonly TrainedNetwork _trained;
    private readonly torch.Device _device;
    private readonly torch.Tensor _weights, _input, _features;
    private readonly TorchNetwork _network;
    private readonly int _rows;

    public TorchDenoiser(TrainedNetwork network, torch.Device device)
    {
        // Some 0.1 s of a core's work at a time; a GPU takes more at once.
        const double Operations = 1e9, DeviceOperations = 1e11;
        if (network.Weights.Length != network.Shape.ParameterCount)
            throw new ArgumentException($"weights: {network.Weights.Length}; allowed: {network.Shape.ParameterCount}", nameof(network));
        _trained = network;
        _device = device;
        _rows = (int)Math.Clamp((device.type == DeviceType.CPU ? Operations : DeviceOperations) / (2 * network.Shape.Multiplications), 16, 4096);
        _weights = torch.tensor(network.Weights, device: device);
        _network = TorchNetwork.Create(network.Shape, _weights, gradient: null);
        _input = torch.zeros(_rows, network.Shape.Dimensions);
        _features = torch.zeros(1, network.Shape.TimeFeatures);
    }

    public int Dimensions => _trained.Shape.Dimensions;

    /// <inheritdoc/>
    /// <exception cref="Cuda.DeviceMemoryException">The device's memory does not suffice.</exception>
    public void Denoise(ReadOnlySpan<double> x, NoiseLevel level, Span<double> x0Hat)
    {
        int d = Dimensions;
        if (x.Length % d != 0 || x0Hat.Length != x.Length)
            throw new ArgumentException($"x of {x.Length} and x0Hat of {x0Hat.Length} values; allowed: as many, in rows of {d}", nameof(x));
        if (level.Noise == 0)
        {
            x.CopyTo(x0Hat);
            return;
        }

        var c = ParametrisationCoefficients.For(_trained.Parametrisation, level, _trained.SigmaData);
        TimeFeatures.Fill(level, MemoryMarshal.Cast<byte, float>(_features.bytes));
        for (int start = 0; start < x.Length; start += _rows * d)
        {
            int count = Math.Min(_rows * d, x.Length - start);
            var input = MemoryMarshal.Cast<byte, float>(_input.bytes);
            for (int i = 0; i < count; i++)
                input[i] = (float)(c.InputScale * x[start + i]);
            float[] output = TorchMemory.Told(_device, () => Forward(count / d));
            for (int i = 0; i < count; i++)
                x0Hat[start + i] = (c.SkipScale * x[start + i]) + (c.OutputScale * output[i]);
        }
    }

    public void Dispose()
    {
        _network.Dispose();
        _weights.Dispose();
        _input.Dispose();
        _features.Dispose();
    }

    private float[] Forward(int rows)
    {
        using var scope = torch.NewDisposeScope();
        using var without = torch.no_grad();
        var output = _network.Forward(_input.narrow(0, 0, rows).to(_device), _features.to(_device)).cpu().contiguous();
        return MemoryMarshal.Cast<byte, float>(output.bytes).ToArray();
    }
}
