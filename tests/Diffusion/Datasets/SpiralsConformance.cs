using Sweep.Diffusion.Datasets;

namespace Sweep.Tests.Diffusion.Datasets;

public sealed class SpiralsConformance : DatasetConformance
{
    protected override IDataset Create() => DatasetUnderTest.Create("spirals");
}
