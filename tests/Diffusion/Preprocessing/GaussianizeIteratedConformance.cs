namespace Sweep.Tests.Diffusion.Preprocessing;

public sealed class GaussianizeIteratedConformance() : PreprocessingConformance("gaussianize", """{"layers":3,"contrast":"cube"}""");
