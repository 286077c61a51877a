namespace Sweep.Diffusion.Training;

/// <summary>How long and how fast to train, with Adam (beta 0.9 and 0.999, epsilon 1e-8). Validated when made.</summary>
public sealed record TrainingSettings
{
    public const int DefaultSteps = 8000;
    public const int DefaultBatch = 256;
    public const double DefaultLearningRate = 1e-2;
    public const int DefaultWarmupSteps = 100;
    public const int MaximumBatch = 1 << 20;

    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range.</exception>
    public TrainingSettings(
        int steps = DefaultSteps, int batch = DefaultBatch, double learningRate = DefaultLearningRate, int warmupSteps = DefaultWarmupSteps)
    {
        if (steps < 1)
            throw new ArgumentOutOfRangeException(nameof(steps), $"steps: {steps}; allowed: 1 or more");
        if (batch is < 1 or > MaximumBatch)
            throw new ArgumentOutOfRangeException(nameof(batch), $"batch: {batch}; allowed: 1 to {MaximumBatch}");
        if (!(learningRate > 0 && double.IsFinite(learningRate)))
            throw new ArgumentOutOfRangeException(nameof(learningRate), $"learning_rate: {learningRate}; allowed: greater than 0");
        if (warmupSteps < 0)
            throw new ArgumentOutOfRangeException(nameof(warmupSteps), $"warmup_steps: {warmupSteps}; allowed: 0 or more");
        Steps = steps;
        Batch = batch;
        LearningRate = learningRate;
        WarmupSteps = warmupSteps;
    }

    public int Steps { get; }

    /// <summary>Training points per step.</summary>
    public int Batch { get; }

    /// <summary>The greatest, at the end of the warm-up.</summary>
    public double LearningRate { get; }

    /// <summary>
    /// Steps in which the rate rises linearly from 0; afterwards it falls to 0 along half a cosine. A warm-up longer than the run never ends.
    /// </summary>
    public int WarmupSteps { get; }

    /// <summary>The learning rate of a step (0-based).</summary>
    public double LearningRateAt(int step) => step < WarmupSteps
        ? LearningRate * (step + 1) / WarmupSteps
        : LearningRate * 0.5 * (1 + Math.Cos(Math.PI * (step - WarmupSteps) / (Steps - WarmupSteps)));
}
