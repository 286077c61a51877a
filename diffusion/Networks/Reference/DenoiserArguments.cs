namespace Sweep.Diffusion.Networks.Reference;

/// <summary>The shapes that <see cref="IDenoiser.Denoise"/> demands.</summary>
internal static class DenoiserArguments
{
    internal static void Check(ReadOnlySpan<double> x, ReadOnlySpan<double> x0Hat, int dimensions)
    {
        if (x.Length % dimensions != 0 || x0Hat.Length != x.Length)
            throw new ArgumentException($"x of {x.Length} and x0Hat of {x0Hat.Length} values; allowed: as many, in rows of {dimensions}", nameof(x));
    }
}
