using System.Runtime.CompilerServices;
using Sweep.Diffusion.Networks.Kernels;
using Sweep.Diffusion.Numerics;
using Sweep.Diffusion.Schedules;

namespace Sweep.Diffusion.Networks;

/// <summary>
/// A trained network as a denoiser: fp32 inside, in blocks of rows; all rows share a noise level, so the first layer's product with the time features is taken once.
/// The result of a row doesn't depend on the rows around it. Not thread-safe.
/// </summary>
public sealed unsafe class MlpDenoiser : IDenoiser, IDisposable
{
    private readonly TrainedNetwork _network;
    private readonly FusedMlp _mlp;
    private readonly NativeBuffer _firstBias;
    private readonly float[] _features;

    internal MlpDenoiser(TrainedNetwork network, VectorPath path)
    {
        if (network.Weights.Length != network.Shape.ParameterCount)
            throw new ArgumentException($"weights: {network.Weights.Length}; allowed: {network.Shape.ParameterCount}", nameof(network));
        _network = network;
        _mlp = FusedMlp.Create(network.Shape, path, training: false);
        _mlp.SetWeights(network.Weights);
        _firstBias = new NativeBuffer(_mlp.Layout.WidthStride);
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
        int rows = x.Length / d;
        nint step = _mlp.BlockRows, outputRowStep = _mlp.OutputRowStep, outputColumnStep = _mlp.OutputColumnStep;
        float* columns = _mlp.InputColumns, output = _mlp.Output;
        fixed (double* source = x, target = x0Hat)
        {
            for (int first = 0; first < rows; first += _mlp.BlockRows)
            {
                int count = Math.Min(_mlp.BlockRows, rows - first);
                double* from = source + ((nint)first * d), to = target + ((nint)first * d);
                for (nint row = 0; row < count; row++)
                {
                    for (int i = 0; i < d; i++)
                        columns[(i * step) + row] = (float)(c.InputScale * from[(row * d) + i]);
                }

                _mlp.ForwardAtOneLevel(count, _firstBias.Pointer);
                for (nint row = 0; row < count; row++)
                {
                    for (int i = 0; i < d; i++)
                        to[(row * d) + i] = (c.SkipScale * from[(row * d) + i]) + (c.OutputScale * output[(row * outputRowStep) + (i * outputColumnStep)]);
                }
            }
        }
    }

    public void Dispose()
    {
        _mlp.Dispose();
        _firstBias.Dispose();
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
