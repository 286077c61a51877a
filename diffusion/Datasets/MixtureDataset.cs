namespace Sweep.Diffusion.Datasets;

/// <summary>Points of a <see cref="GaussianMixture"/>; its components are its modes.</summary>
internal sealed class MixtureDataset(GaussianMixture mixture) : IDataset
{
    public int Dimensions => mixture.Dimensions;

    public IDensity Density => mixture;

    public IModes Modes { get; } = new ComponentModes(mixture);

    public DatasetSplit Draw(SplitSizes sizes, ulong seed) => DatasetDraw.FromStreams(sizes, seed, Dimensions, mixture.Sample);
}
