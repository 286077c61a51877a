namespace Sweep.Diffusion.Networks;

/// <summary>The hidden layers' nonlinearity. The ids are part of stored networks: never renumber.</summary>
public enum Activation
{
    /// <summary>z sigmoid(z).</summary>
    Silu = 0,
    Relu = 1,
    Tanh = 2,

    /// <summary>z Phi(z), Phi the exact standard normal distribution function (not the tanh approximation).</summary>
    Gelu = 3,
}
