using Sweep.Diffusion.Datasets;

namespace Sweep.Tests.Diffusion.Datasets;

public sealed class MoonsConformance : DatasetConformance
{
    protected override IDataset Create() => DatasetUnderTest.Create("moons");
}
