using Sweep.Diffusion.Metrics;
using Sweep.Diffusion.Networks.Reference;

namespace Sweep.Grains.Specs;

/// <summary>The curves that a read-off <c>CURVE@X</c> may name, and what a trial must have for them.</summary>
internal static class CurveCatalog
{
    /// <summary>For messages; REF stands for a reference denoiser's name (<see cref="ReferenceName"/>), S for a level.</summary>
    public static IReadOnlyList<string> Forms { get; } =
    [
        CurveNames.LogLikelihood, LogLikelihoodGap.Key, CurveNames.LogLikelihoodX0, CurveNames.TrainingLoss, CurveNames.ValidationLoss, "explained_score.REF",
        "explained_denoiser.REF", "explained_score.REF.sigma_S",
        "explained_denoiser.REF.sigma_S", CurveNames.DenoisingError, "denoising_error.exact", CurveNames.Bifurcation, "bifurcation.exact",
            "explained_score_per_sample.REF", "explained_path.REF",
        CurveNames.MeanGain, "mean_gain.exact", "emerged.pc_P", "emerged.pc_P.gaussian", "perturbation.pc_P", "perturbation.pc_P.gaussian",
        CurveNames.OutOfPlane, CurveNames.OutOfPlane + CurveNames.OfOthers, CurveNames.Collapse,
    ];

    /// <summary>The curves' names, a typing error's likely meanings.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        .. Forms.Where(f => !f.Contains("REF", StringComparison.Ordinal) && !f.Contains("pc_P", StringComparison.Ordinal)),
        CurveNames.Emerged(1), CurveNames.Perturbation(1),
        .. DiagnosticsSection.References.SelectMany(r => new[] {
            CurveNames.ExplainedScore(r), CurveNames.ExplainedDenoiser(r), CurveNames.ExplainedPerSample(r), CurveNames.ExplainedPath(r) }),
    ];

    /// <summary>A curve by its name, as a metric; null when there is none of that name.</summary>
    public static MetricEntry? Find(string curve)
    {
        if (CurveNames.SplitSigma(curve) is { } at)
            return Explained(at.Curve) is { } over
                ? over with { Name = curve, Label = $"{over.Label}, sigma {CurveNames.AtSigma("", at.Sigma)[CurveNames.SigmaInfix.Length..]}" } : null;
        return curve switch
        {
            CurveNames.LogLikelihood or LogLikelihoodGap.Key or CurveNames.ValidationLoss => MetricCatalog.Entry(curve),
            CurveNames.LogLikelihoodX0 =>
                new MetricEntry(curve, "Log-likelihood of x0-hat", "nats", MetricCatalog.TruthLevel,
                "Mean true log-density of the denoiser's estimates.") { Needs = MetricNeeds.Density },
            CurveNames.TrainingLoss =>
                new MetricEntry(curve, "Training loss", "", MetricCatalog.Lower, "The mean over a window of training steps.") { Least = 0,
                Needs = MetricNeeds.Training },
            CurveNames.DenoisingError => Error(curve, "Denoising error"),
            CurveNames.DenoisingError + CurveNames.Exact => Error(curve, "Denoising error of the exact denoiser") with { Needs = MetricNeeds.ExactScore },
            CurveNames.Bifurcation => Committed(curve, "Share returned to its mode"),
            CurveNames.Bifurcation + CurveNames.Exact =>
                Committed(curve, "Share returned to its mode by the exact score") with { Needs = MetricNeeds.Modes | MetricNeeds.ExactScore },
            CurveNames.MeanGain => Gain(curve, "Gain at the mean"),
            CurveNames.MeanGain + CurveNames.Exact => Gain(curve, "Gain at the mean of the exact denoiser") with { Needs = MetricNeeds.ExactScore },
            CurveNames.Collapse => new MetricEntry(
                curve, "Weight of a noised point", "share", MetricCatalog.Lower,
                "The mean weight that the training points' posterior gives to the one that was noised: near 1 the empirical score has collapsed.")
                {
                    Least = 0, Most = 1, Diagnostic = DiagnosticsSection.Collapse.Name,
                },
            CurveNames.OutOfPlane => Plane(curve, "Share outside the path's plane", "its own first and last points"),
            CurveNames.OutOfPlane + CurveNames.OfOthers => Plane(curve, "Share outside another path's plane", "another path's first and last points"),
            _ => Along(curve) ?? Explained(curve),
        };
    }

    /// <summary>By what is explained: the prefix of the curves, what it is called, and the diagnostic that asks for it.</summary>
    private static readonly (string Prefix, string What, string Details, DiagnosticsKey Key)[] Explainable =
    [
        (CurveNames.ExplainedScorePrefix, "score", "", DiagnosticsSection.ExplainedShare),
        (CurveNames.ExplainedDenoiserPrefix, "denoiser", "", DiagnosticsSection.ExplainedShare),
        (CurveNames.ExplainedPerSamplePrefix, "score per sample", ", as a mean over points of uncentred ratios", DiagnosticsSection.ExplainedShare),
        (CurveNames.ExplainedPathPrefix, "path", " of the probability flow, from the same noise,", DiagnosticsSection.ExplainedPath),
    ];

    private static MetricEntry? Explained(string curve)
    {
        var (prefix, what, details, key) = Array.Find(Explainable, e => curve.StartsWith(e.Prefix, StringComparison.Ordinal));
        if (prefix is null) return null;
        string reference = curve[prefix.Length..];
        if (ReferenceName.Find(reference) is not { } known)
            return null;
        return new MetricEntry(
            curve, $"{char.ToUpperInvariant(what[0])}{what[1..]} explained by {reference}", "", MetricCatalog.Higher,
                $"The share of the learned {what}{details} that the reference {reference} explains.")
        {
            Most = 1,
            Diagnostic = key.Name,
            Reference = reference,
            Needs = known.Kind is ReferenceKinds.Exact ? MetricNeeds.ExactScore : MetricNeeds.Nothing,
        };
    }

    private static MetricEntry Plane(string curve, string label, string points) => new(
        curve, label, "share", MetricCatalog.Lower, $"The share of paths' squared distance from the mean outside the plane through the mean and {points}.")
        {
            Least = 0, Most = 1, Diagnostic = DiagnosticsSection.PrincipalComponents.Name,
        };

    private static MetricEntry? Along(string curve)
    {
        if (CurveNames.Component(curve) is not var (component, gaussian))
            return null;
        string whose = gaussian ? " in the Gaussian's closed form" : "";
        var entry = curve.StartsWith(CurveNames.EmergedPrefix, StringComparison.Ordinal)
            ? new MetricEntry(curve, $"Emerged of component {component}{whose}", "share", MetricCatalog.Higher,
                $"How much of a path's end along principal component {component} x0-hat has{whose}, by least squares over paths.")
            : new MetricEntry(curve, $"Response along component {component}{whose}", "", MetricCatalog.Lower,
                $"What becomes at the end of sampling of a small step along principal component {component}{whose}, relative to the step.");
        return entry with { Diagnostic = DiagnosticsSection.PrincipalComponents.Name, Component = component };
    }

    private static MetricEntry Gain(string curve, string label) => new(
        curve, label, "", MetricCatalog.Lower,
            "The largest eigenvalue of the derivative of x0-hat at the data's mean: above 1 paths leave the mean, and data split into modes.") {
                Diagnostic = DiagnosticsSection.SymmetryBreaking.Name };

    private static MetricEntry Error(string curve, string label) =>
        new(curve, label, "", MetricCatalog.Lower, "The mean squared error of x0-hat per dimension.") { Least = 0,
            Diagnostic = DiagnosticsSection.DenoisingError.Name };

    private static MetricEntry Committed(string curve, string label) =>
        new(curve, label, "share", MetricCatalog.Higher, "The share of trajectories that return to their mode.") { Least = 0, Most = 1,
            Diagnostic = DiagnosticsSection.Bifurcation.Name, Needs = MetricNeeds.Modes };
}
