namespace Sweep.Tests.Diffusion.Preprocessing;

public sealed class MarginalNarrowConformance() : OneLayerConformance("marginal", """{"bandwidth":0.02}""");
