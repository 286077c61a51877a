namespace Sweep.Diffusion.Samplers;

/// <summary>Standard normal noise for a sampler's steps, a pure function of (seed, step, row, column).</summary>
public interface ISamplerNoise
{
    /// <summary>Fills row-major (n, d) noise for a reverse step.</summary>
    void Fill(int step, int dimensions, Span<double> noise);
}
