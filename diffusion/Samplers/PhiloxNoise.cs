using Sweep.Diffusion.Numerics;

namespace Sweep.Diffusion.Samplers;

/// <summary>A sampler's noise from Philox: keyed by (seed, SamplerNoise, step, row), so workers that share out rows draw what one worker would.</summary>
/// <param name="seed">The trial's seed.</param>
/// <param name="firstRow">The row that a span's first row is.</param>
public sealed class PhiloxNoise(ulong seed, int firstRow = 0) : ISamplerNoise
{
    public void Fill(int step, int dimensions, Span<double> noise) =>
        NormalNoise.Fill(noise, seed, NoisePurpose.SamplerNoise, (uint)step, (uint)firstRow, dimensions);

    /// <summary>Starting points at the grid's first level: its noise times standard normals, row-major (rows, dimensions).</summary>
    public double[] Initial(int rows, int dimensions, double scale)
    {
        var initial = new double[rows * dimensions];
        NormalNoise.Fill(initial, seed, NoisePurpose.InitialNoise, 0, (uint)firstRow, dimensions);
        for (int i = 0; i < initial.Length; i++)
            initial[i] *= scale;
        return initial;
    }
}
