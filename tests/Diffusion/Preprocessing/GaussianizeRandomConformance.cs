namespace Sweep.Tests.Diffusion.Preprocessing;

public sealed class GaussianizeRandomConformance() : PreprocessingConformance("gaussianize", """{"layers":4,"rotation":"random","bandwidth":0.3}""");
