namespace Sweep.Tests.Diffusion.Preprocessing;

public sealed class IcaConformance() : OneLayerConformance("ica");
