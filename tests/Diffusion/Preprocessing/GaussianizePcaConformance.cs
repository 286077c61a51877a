namespace Sweep.Tests.Diffusion.Preprocessing;

public sealed class GaussianizePcaConformance() : PreprocessingConformance("gaussianize", """{"layers":2,"rotation":"pca"}""");
