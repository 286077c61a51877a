namespace Sweep.Diffusion.Metrics;

/// <summary>The names of metrics. They are part of stored results and specs: never rename, only add.</summary>
public static class MetricNames
{
    public const string LogLikelihood = "log_likelihood";
    public const string EnergyDistance = "energy_distance";
    public const string SlicedWasserstein2 = "sliced_wasserstein2";
    public const string ModeCoverage = "mode_coverage";
    public const string ModePrecision = "mode_precision";
    public const string StepsToThreshold = "steps_to_threshold";
    public const string LogLikelihoodTotalVariation = "log_likelihood_total_variation";
    public const string TrainSeconds = "train_seconds";

    public static IReadOnlyList<MetricInfo> All { get; } =
    [
        new(LogLikelihood, "nats", LargerIsBetter: true, Gameable: true, "mean true log-density of the final samples; above its floor means collapse onto modes"),
        new(EnergyDistance, "data", LargerIsBetter: false, Gameable: false, "unbiased energy distance to fresh true samples; 0 on average for true samples, so below 0 at times"),
        new(SlicedWasserstein2, "data", LargerIsBetter: false, Gameable: false, "sliced Wasserstein-2 distance (not squared) to fresh true samples"),
        new(ModeCoverage, "share", LargerIsBetter: true, Gameable: false, "share of modes that hold at least about half of their share of samples"),
        new(ModePrecision, "share", LargerIsBetter: true, Gameable: true, "share of samples on a mode; 0.9973 for true samples, more means collapse"),
        new(StepsToThreshold, "steps", LargerIsBetter: false, Gameable: false, "first reverse step from which the log-likelihood stays near its floor"),
        new(LogLikelihoodTotalVariation, "nats", LargerIsBetter: false, Gameable: false, "how far the log-likelihood curve travels over the reverse steps"),
        new(TrainSeconds, "s", LargerIsBetter: false, Gameable: false, "wall time spent training"),
    ];

    /// <summary>The metric of that name, or null.</summary>
    public static MetricInfo? Find(string name) => All.FirstOrDefault(m => string.Equals(m.Name, name, StringComparison.Ordinal));
}
