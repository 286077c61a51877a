namespace Sweep.Tests.Diffusion.Preprocessing;

public sealed class MarginalSilvermanConformance() : OneLayerConformance("marginal", """{"bandwidth":"silverman"}""");
