using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Schedules;

namespace Sweep.Diffusion.Networks.Reference;

/// <summary>
/// The posterior mean under a density whose diffused form is known: x0-hat = (x + s^2 grad log p_level(x)) / a (Tweedie's formula; Efron, JASA 106, 2011, eq.
/// 1.4), x = a x0 + s epsilon. Rounding is about 1e-16 |x| / a. The diffused density of the latest level is kept. The result of a row doesn't depend on the
/// rows around it. Not thread-safe.
/// </summary>
/// <param name="density">The density of clean data, in the space that the denoiser works in.</param>
public sealed class ExactDenoiser(INoisableDensity density) : IDenoiser
{
    private NoiseLevel _level = NoiseLevel.Clean;
    private IDensity? _noised;

    public int Dimensions => density.Dimensions;

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The density's diffused form has too many terms to write down.</exception>
    public void Denoise(ReadOnlySpan<double> x, NoiseLevel level, Span<double> x0Hat)
    {
        DenoiserArguments.Check(x, x0Hat, Dimensions);
        if (level.Noise == 0)
        {
            x.CopyTo(x0Hat);
            return;
        }

        if (x.IsEmpty)
            return;
        if (_noised is null || _level != level)
        {
            _noised = density.Noised(level)
                ?? throw new InvalidOperationException(
                "exact denoiser: a density whose diffused form has too many terms; allowed: one that can be written down");
            _level = level;
        }

        _noised.Score(x, x0Hat);
        for (int i = 0; i < x.Length; i++)
            x0Hat[i] = (x[i] + (level.Noise * level.Noise * x0Hat[i])) / level.Signal;
    }
}
