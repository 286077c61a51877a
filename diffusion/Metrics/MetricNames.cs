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
    public const string SampleSeconds = "sample_seconds";
    public const string NegativeLogLikelihood = "negative_log_likelihood";
    public const string BitsPerDimension = "bits_per_dimension";
    public const string KlEquiprobable = "kl_equiprobable";
    public const string RoundTripError = "round_trip_error";
    public const string DenoiserEvaluations = "denoiser_evaluations";
    public const string BifurcationSigma = "bifurcation_sigma";
    public const string BifurcationSigmaExact = "bifurcation_sigma.exact";
    public const string ErrorInitialisation = "error.initialisation";
    public const string ErrorScore = "error.score";
    public const string ErrorDiscretisation = "error.discretisation";
    public const string PathErrorInitialisation = "path_error.initialisation";
    public const string PathErrorScore = "path_error.score";
    public const string PathErrorDiscretisation = "path_error.discretisation";

    /// <summary>Derived when results are read, never stored: floor - log_likelihood.</summary>
    public const string LogLikelihoodGap = "log_likelihood_gap";

    /// <summary>Derived when results are read, never stored: from the curve training_loss.</summary>
    public const string StepsToFinalLoss = "steps_to_final_loss";
}
