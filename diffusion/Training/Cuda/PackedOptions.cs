namespace Sweep.Diffusion.Training.Cuda;

/// <summary>How a packed trainer works.</summary>
internal sealed record PackedOptions
{
    /// <summary>What a launch should last: long against what starting one and looking at its results takes, short against what people wait for.</summary>
    public TimeSpan LaunchTarget { get; init; } = TimeSpan.FromSeconds(0.2);

    /// <summary>Steps of the first launch, before anything is known of their cost.</summary>
    public int FirstSteps { get; init; } = 16;

    /// <summary>The most steps of a launch.</summary>
    public int MaxSteps { get; init; } = 1 << 16;

    /// <summary>The most trials of a launch.</summary>
    public int MaxTrials { get; init; } = 4096;

    /// <summary>What multiplies.</summary>
    public TrainingPrecision Precision { get; init; }

    /// <summary>Picks the kernel among those that fit, the preferred first; by default the first.</summary>
    public Func<IReadOnlyList<KernelVariant>, KernelVariant> Choose { get; init; } = fitting => fitting[0];
}
