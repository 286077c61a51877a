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

    /// <summary><c>uniform-sigma</c>, <c>log-uniform-sigma</c> or <c>log-normal</c>; null for <c>uniform-t</c>.</summary>
    public string? NoiseDistribution { get; init; }

    /// <summary>Mean of ln sigma, for <c>log-normal</c>; null for -1.2.</summary>
    public double? NoiseMean { get; init; }

    /// <summary>Standard deviation of ln sigma, for <c>log-normal</c>; null for 1.2.</summary>
    public double? NoiseStd { get; init; }

    /// <summary><c>epsilon</c>, <c>inverse-sigma2</c>, <c>edm</c> or <c>min-snr</c>; null for <c>unit</c>.</summary>
    public string? Weighting { get; init; }

    /// <summary><c>std</c>; null for <c>rms</c>.</summary>
    public string? SigmaData { get; init; }
}
