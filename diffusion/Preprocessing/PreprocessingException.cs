namespace Sweep.Diffusion.Preprocessing;

/// <summary>A preprocessing cannot be fitted on these points; the message says why and what to do. It is the trial's own failure.</summary>
public sealed class PreprocessingException : Exception
{
    public PreprocessingException()
    {
    }

    public PreprocessingException(string message)
        : base(message)
    {
    }

    public PreprocessingException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
