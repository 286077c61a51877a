using Sweep.Diffusion.Kinds;

namespace Sweep.Diffusion.Datasets;

/// <summary>Every dataset a spec may name.</summary>
public static class DatasetKinds
{
    public static KindRegistry<IDataset> Registry { get; } = new(
        "dataset",
        GmmRing.Kind,
        GmmGrid.Kind,
        GmmRandom.Kind,
        GmmProduct.Kind,
        GmmAniso.Kind,
        Gmm.Kind,
        Moons.Kind,
        Spirals.Kind,
        Checkerboard.Kind,
        SwissRoll.Kind,
        Pinwheel.Kind,
        Digits.Kind,
        FileDataset.Kind);
}
