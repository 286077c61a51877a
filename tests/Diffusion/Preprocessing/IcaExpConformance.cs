namespace Sweep.Tests.Diffusion.Preprocessing;

public sealed class IcaExpConformance() : OneLayerConformance("ica", """{"contrast":"exp"}""");
