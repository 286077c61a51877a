namespace Sweep.Diffusion.Samplers;

/// <summary>What a sampler has to make its next points of.</summary>
public enum TapeSource
{
    /// <summary>The starting points.</summary>
    Initial,

    /// <summary>The points that an earlier evaluation was asked about.</summary>
    Points,

    /// <summary>What it answered, x0-hat.</summary>
    Clean,

    /// <summary>The noise of a step.</summary>
    Noise,
}
