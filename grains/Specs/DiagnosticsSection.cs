using Sweep.Diffusion.Diagnostics;
using Sweep.Diffusion.Networks.Reference;

namespace Sweep.Grains.Specs;

/// <summary>The keys of <c>diagnostics</c>. None of them is ever an axis.</summary>
public static class DiagnosticsSection
{
    public const string Name = "diagnostics";

    /// <summary>The most levels and the most training steps that a spec may list.</summary>
    public const int MaxListed = 64;

    public const int MaxComponents = ReferenceName.MaxComponents;

    /// <summary>Kinds of reference denoisers, in the order in which results list them.</summary>
    public static IReadOnlyList<string> References { get; } =
        [ReferenceKinds.Gaussian, ReferenceKinds.Mixture, ReferenceKinds.Delta, ReferenceKinds.Exact, ReferenceKinds.Identity];

    /// <summary>What a list of references may hold, in words: R is a rank, K a number of Gaussians.</summary>
    public static string AllowedReferences { get; } = string.Join(", ", References.Concat(ReferenceName.Forms));

    public static DiagnosticsKey ExplainedShare { get; } = new(
        DiagnosticNames.ExplainedShare, "none", "a list of references", "share of the learned score and denoiser that each explains, against sigma");

    public static DiagnosticsKey DenoisingError { get; } =
        new(DiagnosticNames.DenoisingError, "false", "true, false", "mean squared error of x0-hat per dimension, against sigma");

    public static DiagnosticsKey Bifurcation { get; } = new(
        DiagnosticNames.Bifurcation, "false", "true, false", "share of trajectories that return to their mode after noise of sigma: where they commit to one");

    public static DiagnosticsKey ErrorDecomposition { get; } = new(
        DiagnosticNames.ErrorDecomposition, "false", "true, false", "initialisation, score and discretisation error, told apart with the exact score");

    public static DiagnosticsKey Likelihood { get; } = new(
        DiagnosticNames.Likelihood, "false", "true, false", "held-out negative log-likelihood by the probability-flow ODE");

    public static DiagnosticsKey ValidationLoss { get; } = new(
        DiagnosticNames.ValidationLoss, "false", "true, false",
            "loss on held-out points against training step, and how soon its excess over the lowest attainable has gone");

    public static DiagnosticsKey ExplainedPath { get; } = new(
        DiagnosticNames.ExplainedPath, "none", "a list of references",
            "share of the model's probability-flow paths that each one's from the same noise explain, against sigma");

    public static DiagnosticsKey SymmetryBreaking { get; } = new(
        DiagnosticNames.SymmetryBreaking, "false", "true, false", "gain of x0-hat at the data's mean, against sigma: above 1 paths leave it and modes part");

    public static DiagnosticsKey TotalCorrelation { get; } = new(
        DiagnosticNames.TotalCorrelation, "false", "true, false", "dependence that the preprocessing leaves between coordinates");

    public static DiagnosticsKey PrincipalComponents { get; } = new(
        DiagnosticNames.PrincipalComponents, "false", "true, false",
            "paths along the data's principal components: when each emerges, and what becomes of a perturbation");

    public static DiagnosticsKey Collapse { get; } = new(
        DiagnosticNames.Collapse, "false", "true, false", "where the training points' own score draws paths to single points, beside theory");

    public static DiagnosticsKey Sigmas { get; } = new(
        "sigmas", "1, 2, 5 times powers of ten within the schedule's range", $"a list of at most {MaxListed} numbers within the schedule's range",
            "noise levels sigma at which the curves are measured");

    public static DiagnosticsKey TrainingSteps { get; } = new(
        "training_steps", "none", $"a list of at most {MaxListed} whole numbers from 0 to training.steps",
            "training steps at which the explained share is measured too");

    public static DiagnosticsKey MixtureComponents { get; } = new(
        "mixture_components", "8", $"a whole number from 1 to {MaxComponents}, at most training.points",
            "Gaussians of the reference mixture, which EM fits to the training points");

    public static IReadOnlyList<DiagnosticsKey> Keys { get; } =
        [ExplainedShare, DenoisingError, Bifurcation, ErrorDecomposition, Likelihood, ValidationLoss, ExplainedPath, SymmetryBreaking, TotalCorrelation,
            PrincipalComponents, Collapse, Sigmas, TrainingSteps, MixtureComponents];
}
