using Sweep.Diffusion.Schedules;

namespace Sweep.Diffusion.Samplers;

/// <summary>The state after a reverse step; the buffers belong to the sampler.</summary>
public sealed class ReverseState
{
    /// <summary>0 is the initial noise, k the state after reverse step k.</summary>
    public required int Step { get; init; }

    public required NoiseLevel Level { get; init; }

    /// <summary>Row-major (n, d), at <see cref="Level"/>.</summary>
    public required double[] X { get; init; }

    /// <summary>The denoiser's x0-hat of <see cref="X"/>, row-major (n, d); at a clean level it is <see cref="X"/> itself.</summary>
    public required double[] X0Hat { get; init; }

    /// <summary>Denoiser evaluations so far per sample, those for <see cref="X0Hat"/> that no step uses left out.</summary>
    public required int Evaluations { get; init; }
}
