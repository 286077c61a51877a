namespace Sweep.Diffusion.Diagnostics;

/// <summary>How <see cref="FlowLikelihood"/> computes.</summary>
public sealed record FlowLikelihoodOptions
{
    /// <summary>Most dimensions in which the divergence is taken along every axis; beyond, along random directions.</summary>
    public int ExactUpToDimensions { get; init; } = 16;

    /// <summary>Random directions a point, at least 2 so that their scatter is known.</summary>
    public int Probes { get; init; } = 4;

    /// <summary>Local error allowed, in the coordinates' unit and in nats alike.</summary>
    public double Tolerance { get; init; } = 1e-5;

    /// <summary>
    /// Half-width of the central differences, in units of sigma. The relative truncation error is its square times (spacing of modes / sigma)^2 / 6 where
    /// trajectories fork; the rounding error of a single-precision network is 1e-7 over it; with the x0 parametrisation, whose output is not scaled by sigma,
    /// that times sigma_data / sigma, which at sigma_min is 0.02 a component and makes the solver take several times the steps.
    /// </summary>
    public double DifferenceStep { get; init; } = 2e-3;

    /// <summary>Steps of the solver at most, where some 60 are usual: a flow that takes more jumps, and isn't worth minutes.</summary>
    public int MaximumSteps { get; init; } = 1000;

    /// <summary>Points solved side by side.</summary>
    public int RowsPerBlock { get; init; } = 256;
}
