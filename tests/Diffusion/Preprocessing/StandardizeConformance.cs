namespace Sweep.Tests.Diffusion.Preprocessing;

public sealed class StandardizeConformance() : OneLayerConformance("standardize");
