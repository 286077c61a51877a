using Sweep.Diffusion.Datasets;

namespace Sweep.Tests.Diffusion.Datasets;

public sealed class CheckerboardConformance : DatasetConformance
{
    protected override IDataset Create() => DatasetUnderTest.Create("checkerboard");
}
