namespace Sweep.Diffusion.Training;

/// <summary>
/// Schedule, noise distribution, weighting and parametrisation make no sense together, or not with the data. The message reads <c>what is wrong: value;
/// allowed: …</c>.
/// </summary>
public sealed class TrainingDesignException : Exception
{
    public TrainingDesignException()
    {
    }

    public TrainingDesignException(string message)
        : base(message)
    {
    }

    public TrainingDesignException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
