namespace Sweep.Diffusion.Training;

/// <summary>What sigma_data is of the training points.</summary>
public enum DataScale
{
    /// <summary>Of all coordinates, about 0.</summary>
    RootMeanSquare = 0,

    /// <summary>
    /// The root of the covariance's mean eigenvalue: each coordinate about its own mean, as EDM's preconditioning means it (Karras et al., arXiv 2206.00364,
    /// appendix B.6).
    /// </summary>
    StandardDeviation = 1,
}
