using Sweep.Diffusion.Datasets;

namespace Sweep.Diffusion.Preprocessing;

/// <summary>Fitting where nobody watches.</summary>
public static class FittingWithoutProgress
{
    /// <inheritdoc cref="IPreprocessing.Fit"/>
    public static IFittedPreprocessing Fit(this IPreprocessing preprocessing, PointSet training, ulong seed, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(preprocessing);
        return preprocessing.Fit(training, seed, default, cancellationToken);
    }
}
