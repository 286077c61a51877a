using Sweep.Diffusion.Kinds;

namespace Sweep.Diffusion.Preprocessing;

/// <summary>All preprocessings that a spec may name.</summary>
public static class PreprocessingKinds
{
    public static KindRegistry<IPreprocessing> Registry { get; } = new(
        "preprocessing", None.Kind, Standardize.Kind, Whiten.Kind, Ica.Kind, Marginal.Kind, Gaussianize.Kind);
}
