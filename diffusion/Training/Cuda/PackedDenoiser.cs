using System.Runtime.InteropServices;
using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Schedules;

namespace Sweep.Diffusion.Training.Cuda;

/// <summary>
/// A trained network on a device. <see cref="Reverse"/> keeps points there for all of a sampler's steps; asked for one evaluation, it is a launch over all
/// rows, which go there and come back.
/// </summary>
internal sealed class PackedDenoiser : IDeviceDenoiser
{
    private readonly IPackedBackend _backend;
    private readonly Func<long, nuint> _allocate;
    private readonly TrainedNetwork _network;
    private readonly ForwardKernel _kernel;
    private readonly nuint _weights;
    private readonly float[] _features;
    private nuint _room;
    private int _rows;
    private float[] _input = [], _output = [];

    public PackedDenoiser(IPackedBackend backend, Func<long, nuint> allocate, TrainedNetwork network)
    {
        _backend = backend;
        _allocate = allocate;
        _network = network;
        _kernel = ForwardKernel.For(network.Mlp, backend.SharedBytes);
        _features = new float[network.Shape.TimeFeatures];
        float[] padded = new float[_kernel.Plan.Parameters];
        _kernel.Plan.Pad(network.Mlp, _kernel.WeightStride, network.Weights, padded);
        _weights = allocate(sizeof(float) * padded.Length);
        backend.Upload(_weights, MemoryMarshal.AsBytes(padded.AsSpan()));
    }

    internal TrainedNetwork Network => _network;

    internal ForwardKernel Kernel => _kernel;

    /// <summary>Their address.</summary>
    internal nuint Weights => _weights;

    /// <inheritdoc/>
    public int Dimensions => _network.Shape.Dimensions;

    /// <inheritdoc/>
    public void Denoise(ReadOnlySpan<double> x, NoiseLevel level, Span<double> x0Hat)
    {
        int d = Dimensions;
        if (x.Length % d != 0 || x0Hat.Length != x.Length)
            throw new ArgumentException($"x of {x.Length} and x0Hat of {x0Hat.Length} values; allowed: as many, in rows of {d}", nameof(x));
        if (level.Noise == 0 || x.IsEmpty)
        {
            x.CopyTo(x0Hat);
            return;
        }

        int rows = x.Length / d, units = _kernel.Plan.Units, biasFloats = (units + 63) / 64 * 64;
        Reserve(rows, biasFloats);
        var c = ParametrisationCoefficients.For(_network.Parametrisation, level, _network.SigmaData);

        // The bias and the rows lie side by side: one copy.
        FirstLayerBias(level, _input.AsSpan(0, biasFloats));
        var scaled = _input.AsSpan(biasFloats, x.Length);
        for (int i = 0; i < x.Length; i++)
            scaled[i] = (float)(c.InputScale * x[i]);
        nuint inputs = _room, outputs = inputs + (nuint)(sizeof(float) * (biasFloats + (d * (long)_rows))),
            scratch = outputs + (nuint)(sizeof(float) * d * (long)_rows);
        var call = new ForwardCall
        {
            Weights = _weights,
            FirstBias = inputs,
            X = inputs + (nuint)(sizeof(float) * biasFloats),
            Output = outputs,
            Scratch = (scratch + 255) / 256 * 256,
            Rows = rows,
            ScratchFloats = _kernel.ScratchFloats,
            AtInput = _kernel.AtInput,
            AtPartial = _kernel.AtPartial,
            AtWeights = _kernel.AtWeights,
            Plan = _kernel.Plan,
        };
        var output = _output.AsSpan(0, x.Length);
        _backend.Run(
            _kernel.Call(rows), MemoryMarshal.AsBytes(new ReadOnlySpan<ForwardCall>(in call)),
            inputs, MemoryMarshal.AsBytes(_input.AsSpan(0, biasFloats + x.Length)), outputs, MemoryMarshal.AsBytes(output));
        for (int i = 0; i < x.Length; i++)
            x0Hat[i] = (c.SkipScale * x[i]) + (c.OutputScale * output[i]);
    }

    /// <inheritdoc/>
    public IDeviceReverse? Reverse(DeviceReversal reversal) => PackedReverse.Create(_backend, _allocate, this, reversal);

    public void Dispose()
    {
        _backend.Free(_weights);
        if (_room != 0)
            _backend.Free(_room);
    }

    /// <summary>Room for so many rows, on both sides.</summary>
    private void Reserve(int rows, int biasFloats)
    {
        if (rows <= _rows)
            return;
        if (_room != 0)
            _backend.Free(_room);
        _room = 0;
        int d = Dimensions;
        _room = _allocate((sizeof(float) * (biasFloats + (2L * rows * d) + ((long)_kernel.Blocks(rows) * _kernel.ScratchFloats))) + 256);
        _rows = rows;
        _input = new float[biasFloats + (rows * d)];
        _output = new float[rows * d];
    }

    /// <summary>The first layer's bias plus its weights times the level's time features: the same for all rows.</summary>
    internal void FirstLayerBias(NoiseLevel level, Span<float> bias)
    {
        TimeFeatures.Fill(level, _features);
        var layout = MlpLayout.For(_network.Mlp);
        (var weight, int d, int inputs) = (layout.HiddenWeights[0], Dimensions, _network.Shape.Dimensions + _features.Length);
        bias.Clear();
        for (int unit = 0; unit < _network.Shape.Width; unit++)
        {
            float sum = _network.Weights[layout.HiddenBiases[0].Offset + unit];
            var row = _network.Weights.AsSpan(weight.Offset + (unit * inputs) + d, _features.Length);
            for (int i = 0; i < row.Length; i++)
                sum = MathF.FusedMultiplyAdd(_features[i], row[i], sum);
            bias[unit] = sum;
        }
    }
}
