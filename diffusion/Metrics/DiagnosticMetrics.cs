using Sweep.Diffusion.Diagnostics;

namespace Sweep.Diffusion.Metrics;

/// <summary>The metrics that diagnostics measure, several at a time.</summary>
public static class DiagnosticMetrics
{
    public static DiagnosticMetric NegativeLogLikelihood { get; } = new()
    {
        Name = "negative_log_likelihood", Label = "Held-out negative log-likelihood", Unit = "nats", Better = MetricBetter.Lower,
        Diagnostic = DiagnosticNames.Likelihood,
        Explanation =
            "Of test points under the density that the model's probability flow gives them; the truth level is what the true density gives, where it is known.",
    };

    public static DiagnosticMetric BitsPerDimension { get; } = new()
    {
        Name = "bits_per_dimension", Label = "Held-out bits per dimension", Unit = "bits", Better = MetricBetter.Lower, Diagnostic = DiagnosticNames.Likelihood,
        Explanation = "The held-out negative log-likelihood in bits, over the number of dimensions.",
    };

    public static DiagnosticMetric ValidationLoss { get; } = new()
    {
        Name = "validation_loss", Label = "Validation loss", Better = MetricBetter.Lower, Least = 0, Diagnostic = DiagnosticNames.ValidationLoss,
        Needs = MetricNeeds.Training,
        Explanation =
            "The training loss on points that training doesn't see, after the last step; the truth level is L*, the lowest attainable loss: "
            + "the exact denoiser's where there is one, else a longer and wider run's.",
    };

    public static DiagnosticMetric StepsToFinalLoss { get; } = new()
    {
        Name = "steps_to_final_loss", Label = "Steps to final loss", Unit = "training steps", Better = MetricBetter.Lower, Least = 0,
        Counts = MetricSteps.TrainingSteps,
        Diagnostic = DiagnosticNames.ValidationLoss, Needs = MetricNeeds.Training,
        Explanation =
            "The first training step at which the validation loss is measured from which its excess over L* stays within 5% of the excess before training; "
            + "never when it doesn't.",
    };

    public static DiagnosticMetric BifurcationSigma { get; } = new()
    {
        Name = "bifurcation_sigma", Label = "Bifurcation sigma", Better = MetricBetter.NearTruthLevel, Least = 0, Diagnostic = DiagnosticNames.Bifurcation,
        Needs = MetricNeeds.Modes,
        Explanation =
            "The noise level at which trajectories commit to a mode: half-way between all returning to theirs and chance. The truth level is that of the "
            + "exact score.",
    };

    public static DiagnosticMetric BifurcationSigmaExact { get; } = new()
    {
        Name = "bifurcation_sigma.exact", Label = "Bifurcation sigma, exact score", Better = MetricBetter.NearTruthLevel, Least = 0,
        Diagnostic = DiagnosticNames.Bifurcation,
        Needs = MetricNeeds.Modes | MetricNeeds.ExactScore, Explanation = "The noise level at which the trajectories of the exact score commit to a mode.",
    };

    public static DiagnosticMetric TotalCorrelation { get; } = new()
    {
        Name = "total_correlation", Label = "Total correlation left", Unit = "nats", Better = MetricBetter.Lower,
            Diagnostic = DiagnosticNames.TotalCorrelation, Needs = MetricNeeds.Density,
        Explanation =
            "The dependence that the preprocessing leaves between coordinates of test points: the sum of their entropies less the entropy of all together. "
                + "0 where they are independent.",
    };

    public static DiagnosticMetric SymmetryBreakingSigma { get; } = new()
    {
        Name = "symmetry_breaking_sigma", Label = "Symmetry-breaking sigma", Better = MetricBetter.NearTruthLevel, Least = 0,
            Diagnostic = DiagnosticNames.SymmetryBreaking,
        Explanation =
            "The largest noise level at which the gain of x0-hat at the data's mean passes 1, so that paths leave the mean. The truth level is that of the "
                + "exact score.",
    };

    public static DiagnosticMetric SymmetryBreakingSigmaExact { get; } = new()
    {
        Name = "symmetry_breaking_sigma.exact", Label = "Symmetry-breaking sigma, exact score", Better = MetricBetter.NearTruthLevel, Least = 0,
            Diagnostic = DiagnosticNames.SymmetryBreaking,
        Needs = MetricNeeds.ExactScore, Explanation = "The largest noise level at which the gain of the exact denoiser at the data's mean passes 1.",
    };

    public static DiagnosticMetric EmergenceOrder { get; } = new()
    {
        Name = "emergence_order", Label = "Order of emergence", Better = MetricBetter.NearTruthLevel, Least = -1, Most = 1,
        Diagnostic = DiagnosticNames.PrincipalComponents,
        Explanation =
            "Kendall's tau of the principal components' variances and the noise levels at which they emerge in sampling: 1 when the larger always comes "
            + "first. The truth level is that of the exact score.",
    };

    public static DiagnosticMetric EmergenceSlope { get; } = new()
    {
        Name = "emergence_slope", Label = "Slope of emergence", Better = MetricBetter.NearTruthLevel, Diagnostic = DiagnosticNames.PrincipalComponents,
        Explanation =
            "How the noise level at which a principal component emerges grows with its standard deviation, both in logarithms: 1 of a Gaussian, 0 where all "
            + "emerge together. The truth level is that of the exact score.",
    };

    public static DiagnosticMetric CollapseSigma { get; } = new()
    {
        Name = "collapse_sigma", Label = "Collapse sigma", Better = MetricBetter.NearTruthLevel, Least = 0, Diagnostic = DiagnosticNames.Collapse,
        Explanation =
            "The noise level at which the empirical score begins to draw paths to single training points: the posterior gives half its weight to the one that "
            + "was noised. The truth level is theory's.",
    };

    public static DiagnosticMetric CollapseSigmaTheory { get; } = new()
    {
        Name = "collapse_sigma.theory", Label = "Collapse sigma, theory", Better = MetricBetter.NearTruthLevel, Least = 0,
        Diagnostic = DiagnosticNames.Collapse, Needs = MetricNeeds.ExactScore,
        Explanation = "The noise level at which a noisy point has as much information of its clean one as there are training points, ln n nats.",
    };

    public static DiagnosticMetric ErrorInitialisation { get; } = Error(
        "error.initialisation", "Initialisation error", "What starting from pure noise adds to the energy distance; with sampling error, so below 0 at times.");

    public static DiagnosticMetric ErrorScore { get; } =
        Error("error.score", "Score error", "What the learned score adds to the energy distance, on a fine grid.");

    public static DiagnosticMetric ErrorDiscretisation { get; } = Error(
        "error.discretisation", "Discretisation error", "What the sampler and the grid asked for add to the energy distance.");

    public static DiagnosticMetric PathErrorInitialisation { get; } = PathError(
        "path_error.initialisation", "Initialisation path error",
        "Root mean square distance, in latent space, between where paths end that start from pure noise and from noised data, with the exact score.");

    public static DiagnosticMetric PathErrorScore { get; } = PathError(
        "path_error.score", "Score path error", "Root mean square distance, in latent space, between where paths of the learned and of the exact score end.");

    public static DiagnosticMetric PathErrorDiscretisation { get; } = PathError(
        "path_error.discretisation", "Discretisation path error",
            "Root mean square distance, in latent space, between where paths on the grid asked for and on a fine one end.");

    private static DiagnosticMetric Error(string name, string label, string explanation) => new()
    {
        Name = name, Label = label, Better = MetricBetter.Lower, Explanation = explanation, Diagnostic = DiagnosticNames.ErrorDecomposition,
        Needs = MetricNeeds.ExactScore,
    };

    private static DiagnosticMetric PathError(string name, string label, string explanation) => Error(name, label, explanation) with { Least = 0 };
}
