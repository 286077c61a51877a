namespace Sweep.Tests.Diffusion.Preprocessing;

public sealed class MarginalConformance() : OneLayerConformance("marginal");
