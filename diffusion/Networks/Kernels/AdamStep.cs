namespace Sweep.Diffusion.Networks.Kernels;

/// <summary>The numbers of one step of Adam with beta 0.9 and 0.999, epsilon 1e-8, bias corrections included.</summary>
internal readonly record struct AdamStep(float Rate, float InverseRootCorrection)
{
    public const double Beta1 = 0.9;
    public const double Beta2 = 0.999;
    public const float Epsilon = 1e-8f;

    /// <param name="learningRate">This step's, after warm-up and decay.</param>
    /// <param name="number">1 for the first step.</param>
    public static AdamStep For(double learningRate, int number) =>
        new((float)(learningRate / (1 - Math.Pow(Beta1, number))), (float)(1 / Math.Sqrt(1 - Math.Pow(Beta2, number))));
}
