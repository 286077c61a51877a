using Sweep.Diffusion.Datasets;

namespace Sweep.Diffusion.Preprocessing;

/// <summary>
/// A way to transform data before training. Immutable and thread-safe; fitting is a pure function of the training points and the seed.
/// </summary>
public interface IPreprocessing
{
    /// <summary>True when every fit is an affine map, under which a Gaussian mixture stays one.</summary>
    bool IsAffine { get; }

    /// <summary>What the training points must be like, whatever their values: known before anything is fitted.</summary>
    FitNeeds Needs { get; }

    /// <summary>Fits on training points only.</summary>
    /// <exception cref="PreprocessingException">The points cannot be fitted: too few, a constant column, not finite.</exception>
    /// <param name="training">The points; not changed, and not kept.</param>
    /// <param name="seed">The trial's.</param>
    /// <param name="progress">Told how far it is, where a fit takes long.</param>
    /// <param name="cancellationToken">Looked at often enough for a fit to end within seconds.</param>
    IFittedPreprocessing Fit(PointSet training, ulong seed, FitProgress progress, CancellationToken cancellationToken);
}
