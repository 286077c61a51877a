using Sweep.Diffusion.Datasets;

namespace Sweep.Tests.Diffusion.Datasets;

public sealed class GmmAnisoTests : KnownDensityConformance
{
    protected override IDataset Create() => DatasetUnderTest.Create("gmm-aniso");

    protected override double Overlap => 0.01;
}
