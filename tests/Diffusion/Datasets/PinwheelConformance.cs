using Sweep.Diffusion.Datasets;

namespace Sweep.Tests.Diffusion.Datasets;

public sealed class PinwheelConformance : DatasetConformance
{
    protected override IDataset Create() => DatasetUnderTest.Create("pinwheel");
}
