namespace Sweep.Diffusion.Schedules;

/// <summary>The noise levels of a discrete DDPM chain: alpha-bar_k = product of (1 - beta_i) (Ho et al., arXiv 2006.11239, eq. 4).</summary>
internal static class DiscreteChain
{
    /// <summary>From betas in forward order to levels in reverse order, then clean.</summary>
    public static NoiseLevel[] Levels(ReadOnlySpan<double> betas)
    {
        var levels = new NoiseLevel[betas.Length + 1];
        levels[^1] = NoiseLevel.Clean;
        double alphaBar = 1;
        double noiseVariance = 0;
        for (int k = 0; k < betas.Length; k++)
        {
            // 1 - alpha-bar by its own recurrence: subtraction would lose digits at small k.
            noiseVariance = ((1 - betas[k]) * noiseVariance) + betas[k];
            alphaBar *= 1 - betas[k];
            levels[betas.Length - 1 - k] = new NoiseLevel(Math.Sqrt(alphaBar), Math.Sqrt(noiseVariance));
        }

        return levels;
    }
}
