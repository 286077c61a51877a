using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Sweep.Diffusion.Networks.Kernels;
using Sweep.Diffusion.Numerics;
using Sweep.Diffusion.Schedules;

namespace Sweep.Diffusion.Networks;

/// <summary>
/// A trained network as a denoiser: fp32 inside, in blocks of rows; all rows share a noise level, so the first layer's product with the time features is taken
/// once. The result of a row doesn't depend on the rows around it. Not thread-safe.
/// </summary>
public sealed unsafe class MlpDenoiser : ITrainedDenoiser
{
    private readonly TrainedNetwork _network;
    private readonly FusedMlp _mlp;
    private readonly NativeBuffer _firstBias, _rows;
    private readonly float[] _features;

    internal MlpDenoiser(TrainedNetwork network, VectorPath path)
    {
        if (network.Weights.Length != network.Shape.ParameterCount)
            throw new ArgumentException($"weights: {network.Weights.Length}; allowed: {network.Shape.ParameterCount}", nameof(network));
        _network = network;
        _mlp = FusedMlp.Create(network.Mlp, path, training: false);
        _mlp.SetWeights(network.Weights);
        _firstBias = new NativeBuffer(_mlp.Layout.WidthStride);
        _rows = new NativeBuffer(_mlp.BlockRows * network.Shape.Dimensions);
        _features = new float[network.Shape.TimeFeatures];
    }

    public int Dimensions => _network.Shape.Dimensions;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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

        var c = ParametrisationCoefficients.For(_network.Parametrisation, level, _network.SigmaData);
        FirstLayerBias(level);
        int rows = x.Length / d, blockRows = _mlp.BlockRows;
        bool columns = _mlp.OutputRowStep == 1;
        fixed (double* source = x, target = x0Hat)
        {
            for (int first = 0; first < rows; first += blockRows)
            {
                int count = Math.Min(blockRows, rows - first);
                nint values = (nint)count * d, offset = (nint)first * d;
                Narrow(source + offset, c.InputScale, _rows.Pointer, values);
                Transposition.Run(_rows.Pointer, d, _mlp.InputColumns, blockRows, count, d);
                _mlp.ForwardAtOneLevel(count, _firstBias.Pointer);
                if (columns)
                {
                    Transposition.Run(_mlp.Output, blockRows, _rows.Pointer, d, d, count);
                }
                else
                {
                    for (nint row = 0; row < count; row++)
                        new ReadOnlySpan<float>(_mlp.Output + (row * _mlp.OutputRowStep), d).CopyTo(new Span<float>(_rows.Pointer + (row * d), d));
                }

                Combine(source + offset, _rows.Pointer, c.SkipScale, c.OutputScale, target + offset, values);
            }
        }
    }

    /// <summary>floats = scale doubles.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Narrow(double* source, double scale, float* target, nint count)
    {
        nint i = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            var scales = Vector256.Create(scale);
            for (; i + 8 <= count; i += 8)
                Vector256.Narrow(scales * Vector256.Load(source + i), scales * Vector256.Load(source + i + 4)).Store(target + i);
        }

        for (; i < count; i++)
            target[i] = (float)(scale * source[i]);
    }

    /// <summary>target = skip x + output f.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Combine(double* x, float* f, double skip, double output, double* target, nint count)
    {
        nint i = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            var skips = Vector256.Create(skip);
            var outputs = Vector256.Create(output);
            for (; i + 8 <= count; i += 8)
            {
                (var low, var high) = Vector256.Widen(Vector256.Load(f + i));
                ((skips * Vector256.Load(x + i)) + (outputs * low)).Store(target + i);
                ((skips * Vector256.Load(x + i + 4)) + (outputs * high)).Store(target + i + 4);
            }
        }

        for (; i < count; i++)
            target[i] = (skip * x[i]) + (output * f[i]);
    }

    public void Dispose()
    {
        _mlp.Dispose();
        _firstBias.Dispose();
        _rows.Dispose();
    }

    /// <summary>The first layer's bias plus its weights times the level's time features.</summary>
    private void FirstLayerBias(NoiseLevel level)
    {
        TimeFeatures.Fill(level, _features);
        var layout = _mlp.Layout;
        float* bias = _firstBias.Pointer;
        float* weights = _mlp.Weights + layout.HiddenWeights[0] + ((nint)Dimensions * layout.WidthStride);
        new ReadOnlySpan<float>(_mlp.Weights + layout.HiddenBiases[0], layout.WidthStride).CopyTo(_firstBias.Span);
        for (int feature = 0; feature < _features.Length; feature++, weights += layout.WidthStride)
        {
            for (int unit = 0; unit < layout.Shape.Width; unit++)
                bias[unit] = MathF.FusedMultiplyAdd(_features[feature], weights[unit], bias[unit]);
        }
    }
}
