namespace Sweep.Diffusion.Networks;

/// <summary>
/// What the network's output stands for. All take c_in x with c_in = 1 / sqrt(a^2 sd^2 + s^2) (unit variance), where x = a x0 + s epsilon and sd is the data's
/// standard deviation; all targets have unit variance. The ids are part of stored networks: never renumber.
/// </summary>
public enum Parametrisation
{
    /// <summary>The noise epsilon (Ho et al., arXiv 2006.11239).</summary>
    Epsilon = 0,

    /// <summary>The clean data, divided by sd.</summary>
    X0 = 1,

    /// <summary>v = cos(phi) epsilon - sin(phi) x0/sd with tan(phi) = s / (a sd) (Salimans and Ho, arXiv 2202.00512, appendix D, for any sd).</summary>
    V = 2,

    /// <summary>EDM's preconditioning (Karras et al., arXiv 2206.00364, table 1), stated for x / a and sigma = s / a. It is -v.</summary>
    Edm = 3,
}
