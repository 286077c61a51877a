using Sweep.Diffusion.Datasets;

namespace Sweep.Tests.Diffusion.Datasets;

public sealed class GmmProductTests : KnownDensityConformance
{
    protected override IDataset Create() => DatasetUnderTest.Create("gmm-product", """{"dimensions": 4}""");
}
