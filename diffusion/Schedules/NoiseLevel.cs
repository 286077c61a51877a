namespace Sweep.Diffusion.Schedules;

/// <summary>
/// A point of a noise schedule: x = <see cref="Signal"/> x0 + <see cref="Noise"/> epsilon, epsilon ~ N(0, I).
/// (alpha_t, sigma_t in variational-diffusion notation; sqrt(alpha-bar), sqrt(1 - alpha-bar) in DDPM's.)
/// </summary>
/// <param name="Signal">alpha, greater than 0.</param>
/// <param name="Noise">sigma, 0 or greater.</param>
public readonly record struct NoiseLevel(double Signal, double Noise)
{
    /// <summary>No noise at all.</summary>
    public static NoiseLevel Clean => new(1, 0);

    /// <summary>sigma / alpha: the noise level as EDM states it (arXiv 2206.00364).</summary>
    public double Sigma => Noise / Signal;

    /// <summary>ln(alpha^2 / sigma^2), in nats; +infinity when clean.</summary>
    public double LogSnr => 2 * Math.Log(Signal / Noise);
}
