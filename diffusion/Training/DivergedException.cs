namespace Sweep.Diffusion.Training;

/// <summary>A loss became NaN or infinite: the trial itself is at fault (usually its learning rate), so trying again won't help.</summary>
public sealed class DivergedException : Exception
{
    public DivergedException()
    {
    }

    public DivergedException(string message)
        : base(message)
    {
    }

    public DivergedException(string message, Exception inner)
        : base(message, inner)
    {
    }

    public DivergedException(int step, double loss, double learningRate)
        : base($"training diverged at step {step}: loss {loss}; allowed: finite (learning_rate was {learningRate}; a smaller one may help)")
    {
        Step = step;
        Loss = loss;
    }

    /// <summary>0-based.</summary>
    public int Step { get; }

    public double Loss { get; }
}
