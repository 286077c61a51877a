using Sweep.Diffusion.Datasets;

namespace Sweep.Tests.Diffusion.Datasets;

public sealed class GmmRandomTests : KnownDensityConformance
{
    protected override IDataset Create() => DatasetUnderTest.Create("gmm-random");

    protected override double Overlap => 0.01;
}
