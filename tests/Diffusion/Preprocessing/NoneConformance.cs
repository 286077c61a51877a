namespace Sweep.Tests.Diffusion.Preprocessing;

public sealed class NoneConformance() : OneLayerConformance("none");
