using Sweep.Diffusion.Datasets;

namespace Sweep.Diffusion.Preprocessing;

/// <summary>
/// A way to transform data before training. Immutable and thread-safe; fitting is a pure function of the training points and the seed.
/// </summary>
public interface IPreprocessing
{
    /// <summary>True when every fit is an affine map, under which a Gaussian mixture stays one.</summary>
    bool IsAffine { get; }

    /// <summary>Fits on training points only.</summary>
    /// <exception cref="PreprocessingException">The points cannot be fitted: too few, a constant column, not finite.</exception>
    IFittedPreprocessing Fit(PointSet training, ulong seed, CancellationToken cancellationToken);
}
