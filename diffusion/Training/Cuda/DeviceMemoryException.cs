namespace Sweep.Diffusion.Training.Cuda;

/// <summary>A device's own memory does not suffice.</summary>
public sealed class DeviceMemoryException : OutOfMemoryException
{
    public DeviceMemoryException()
    {
    }

    public DeviceMemoryException(string message)
        : base(message)
    {
    }

    public DeviceMemoryException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
