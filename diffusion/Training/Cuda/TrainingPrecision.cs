namespace Sweep.Diffusion.Training.Cuda;

/// <summary>
/// What the hidden layers' products are taken in while training on a GPU. All else is in single precision whatever this is: the output layer, the loss, sums,
/// biases, activations, Adam and the weights it keeps; and so is sampling.
/// </summary>
public enum TrainingPrecision
{
    /// <summary>Single precision.</summary>
    Fp32,

    /// <summary>
    /// Operands rounded to 10 bits of mantissa, for the tensor cores; sums in single precision. Networks up to width 16 stay in single precision.
    /// </summary>
    Tf32,
}
