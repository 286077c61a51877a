namespace Sweep.Tests.Diffusion.Preprocessing;

public sealed class GaussianizeConformance() : OneLayerConformance("gaussianize");
