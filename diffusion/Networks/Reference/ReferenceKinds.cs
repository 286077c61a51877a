namespace Sweep.Diffusion.Networks.Reference;

/// <summary>
/// The names of the reference denoisers, which are known or fitted in closed form rather than trained. They are part of stored results and specs: never rename,
/// only add.
/// </summary>
public static class ReferenceKinds
{
    /// <summary><see cref="ExactDenoiser"/> of the dataset's own density.</summary>
    public const string Exact = "exact";

    /// <summary><see cref="GaussianDenoiser.Fit"/>.</summary>
    public const string Gaussian = "gaussian";

    /// <summary><see cref="ExpectationMaximization"/>.</summary>
    public const string Mixture = "mixture";

    /// <summary><see cref="DeltaMixtureDenoiser"/>.</summary>
    public const string Delta = "delta";

    /// <summary><see cref="GaussianDenoiser.FitScaledIdentity"/>.</summary>
    public const string Identity = "identity";

    /// <summary>Components of a fitted mixture where nothing is said.</summary>
    public const int DefaultComponents = 8;

    public static IReadOnlyList<string> Names { get; } = [Exact, Gaussian, Mixture, Delta, Identity];

    public static bool Has(string name) => Names.Contains(name, StringComparer.Ordinal);
}
