namespace Sweep.Tests.Diffusion.Preprocessing;

public sealed class WhitenConformance() : OneLayerConformance("whiten");
