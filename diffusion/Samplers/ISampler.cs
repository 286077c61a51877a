using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Schedules;

namespace Sweep.Diffusion.Samplers;

/// <summary>
/// Goes from noise to data. Immutable and thread-safe; a run's state lives in its enumerator. The same inputs give the same
/// states bit for bit, however rows are split over workers, because noise is keyed by (seed, step, row).
/// </summary>
public interface ISampler
{
    /// <summary>The deterministic sampler of this one's kind, where this one adds noise; null where it is deterministic itself.</summary>
    DeterministicTwin? Twin => null;

    /// <summary>
    /// This sampler made ready for a model on a grid: call it once per model and grid, and sample with what it returns. Most samplers have nothing to prepare
    /// and return themselves. Changes nothing; deterministic.
    /// </summary>
    ISampler Prepare(SamplerPreparation preparation) => this;

    /// <summary>
    /// Yields the state before any step (index 0), then after every reverse step, grid.Count states in all. Buffers in a yielded state belong to the sampler
    /// and hold until the next MoveNext.
    /// </summary>
    /// <param name="denoiser">The model.</param>
    /// <param name="grid">Levels from the most noise to the least, usually ending with <see cref="NoiseLevel.Clean"/>.</param>
    /// <param name="initial">Row-major (n, d): the starting points at level grid[0]; not changed.</param>
    /// <param name="noise">Where added noise comes from.</param>
    /// <exception cref="InvalidOperationException">The sampler needs <see cref="Prepare"/> and did not have it.</exception>
    IEnumerable<ReverseState> Sample(IDenoiser denoiser, IReadOnlyList<NoiseLevel> grid, double[] initial, ISamplerNoise noise);
}
