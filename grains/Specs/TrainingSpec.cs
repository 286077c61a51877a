namespace Sweep.Grains.Specs;

/// <summary>The resolved <c>training</c> section.</summary>
public sealed record TrainingSpec
{
    public required int Steps { get; init; }

    /// <summary>Rows per training step.</summary>
    public required int Batch { get; init; }

    /// <summary>Adam's peak learning rate, reached after the warm-up, decayed to 0 by a half cosine.</summary>
    public required double LearningRate { get; init; }

    public required int WarmupSteps { get; init; }

    /// <summary>Training points drawn from the dataset (a file gives at most what it has).</summary>
    public required int Points { get; init; }

    /// <summary><c>epsilon</c>, <c>x0</c>, <c>v</c> or <c>edm</c>.</summary>
    public required string Parametrisation { get; init; }
}
