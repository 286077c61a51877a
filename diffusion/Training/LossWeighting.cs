namespace Sweep.Diffusion.Training;

/// <summary>
/// How much a noise level counts in the loss. Each but the first is a weight on the squared error of x0-hat, which the trainer restates for the network's own
/// target; only the noise distribution then says how often a level is seen.
/// </summary>
public enum LossWeighting
{
    /// <summary>1 on the network's own target.</summary>
    Unit = 0,

    /// <summary>The squared error of epsilon whatever the network predicts: 1 / sigma^2 on x0-hat.</summary>
    Epsilon = 1,

    /// <summary>1 / sigma^2 on x0-hat, sigma = noise / signal: <see cref="Epsilon"/> by the name that the sigma-space literature gives it.</summary>
    InverseSigma2 = 2,

    /// <summary>(sigma^2 + sd^2) / (sigma sd)^2 on x0-hat (Karras et al., arXiv 2206.00364, table 1).</summary>
    Edm = 3,

    /// <summary>min(1 / sigma^2, 5) on x0-hat (Hang et al., arXiv 2303.09556).</summary>
    MinSnr = 4,
}
