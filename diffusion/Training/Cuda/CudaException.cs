namespace Sweep.Diffusion.Training.Cuda;

/// <summary>The CUDA driver refused or failed; the message has its name for that, its text and what was asked of it.</summary>
public sealed class CudaException : Exception
{
    public CudaException()
    {
    }

    public CudaException(string message)
        : base(message)
    {
    }

    public CudaException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
