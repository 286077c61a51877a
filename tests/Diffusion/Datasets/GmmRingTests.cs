using Sweep.Diffusion.Datasets;

namespace Sweep.Tests.Diffusion.Datasets;

public sealed class GmmRingTests : KnownDensityConformance
{
    protected override IDataset Create() => DatasetUnderTest.Create("gmm-ring");
}
