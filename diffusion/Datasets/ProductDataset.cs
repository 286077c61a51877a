namespace Sweep.Diffusion.Datasets;

/// <summary>Points of a <see cref="ProductMixture"/>; modes are known where their combinations are few enough to count.</summary>
internal sealed class ProductDataset(ProductMixture product) : IDataset
{
    public int Dimensions => product.Dimensions;

    public IDensity Density => product;

    public IModes? Modes { get; } = product.Combinations > ProductMixture.MaximumCombinations ? null : new ProductModes(product);

    public DatasetSplit Draw(SplitSizes sizes, ulong seed) => DatasetDraw.FromStreams(sizes, seed, Dimensions, product.Sample);
}
