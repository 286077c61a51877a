using Sweep.Diffusion.Numerics;
using Sweep.Diffusion.Samplers;

namespace Sweep.Tests.Diffusion.Samplers;

/// <summary>Noise for tests: one stream per (seed, step).</summary>
internal sealed class StreamNoise(ulong seed) : ISamplerNoise
{
    public void Fill(int step, int dimensions, Span<double> noise) =>
        new PhiloxStream(seed, NoisePurpose.SamplerNoise, (uint)step).FillNormal(noise);
}
