using Sweep.Diffusion.Datasets;

namespace Sweep.Tests.Diffusion.Datasets;

public sealed class SwissRollConformance : DatasetConformance
{
    protected override IDataset Create() => DatasetUnderTest.Create("swiss-roll");
}
