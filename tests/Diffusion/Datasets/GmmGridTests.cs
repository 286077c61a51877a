using Sweep.Diffusion.Datasets;

namespace Sweep.Tests.Diffusion.Datasets;

public sealed class GmmGridTests : KnownDensityConformance
{
    protected override IDataset Create() => DatasetUnderTest.Create("gmm-grid");
}
