using Sweep.Diffusion.Datasets;

namespace Sweep.Tests.Diffusion.Datasets;

public sealed class GmmTests : KnownDensityConformance
{
    protected override IDataset Create() =>
        DatasetUnderTest.Create("gmm",
        """{"weights": [1, 3], "means": [[0, 0, 0], [4, 0, 1]], "covariances": [[[1, 0.5, 0], [0.5, 1, 0], [0, 0, 0.2]], [0.5, 0.4, 0.3]]}""");

    protected override double Overlap => 0.02;
}
