namespace Sweep.Tests.Diffusion.Preprocessing;

public sealed class MarginalIsjConformance() : OneLayerConformance("marginal", """{"bandwidth":"isj"}""");
