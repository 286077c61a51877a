using System.Globalization;
using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Metrics;
using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Networks.Reference;
using Sweep.Diffusion.Preprocessing;

namespace Sweep.Grains.Specs;

/// <summary>Whether a metric's name means something, and whether a trial will have it.</summary>
internal static class MetricCheck
{
    /// <summary>What is wrong with a name: <c>loglikelihood (did you mean log_likelihood?); allowed: …</c>; null when the catalogue knows it.</summary>
    /// <param name="offered">The metrics that the message lists.</param>
    public static string? Unknown(string text, IReadOnlyList<string> offered)
    {
        if (MetricCatalog.Entry(text) is not null) return null;
        var address = MetricAddress.Of(text);
        if (address.IsReadOff)
        {
            string meant = SpecWords.Nearest(address.Name, CurveCatalog.Names) is { } curve ? $" (did you mean {curve}@{address.AtText}?)" : "";
            return $"{SpecWords.Show(text)}{meant}; allowed before @: {string.Join(", ", CurveCatalog.Forms)}";
        }

        return $"{SpecWords.Show(text)}{(SpecWords.Nearest(text, MetricCatalog.Names) is { } offer ? $" (did you mean {offer}?)" : "")}; allowed: "
            + $"{Allowed(offered)}";
    }

    /// <summary>What a metric may be, in words.</summary>
    public static string Allowed(IReadOnlyList<string> offered) => $"{string.Join(", ", offered)}, what diagnostics measures, or CURVE@X";

    /// <summary>Why a trial will not have a metric that is known: <c>needs a dataset with known density</c>; null when it will.</summary>
    public static string? Missing(string metric, TrialSpec trial, IDataset dataset, IPreprocessing? preprocessing)
    {
        if (MetricCatalog.Entry(metric) is not { } entry) return "is not known";
        var lacking = entry.Needs.Lacking(dataset);
        if (lacking == MetricNeeds.OneDimension) return $"needs data of one dimension, not {dataset.Dimensions}";
        if (lacking != MetricNeeds.Nothing) return $"needs a dataset with {lacking.Words()}";
        if (entry.Needs.HasFlag(MetricNeeds.Training)
            && !NetworkKinds.Has(trial.Network.Kind)) return $"needs a network that is trained, and {trial.Network.Kind} is not";
        if (entry.Needs.HasFlag(MetricNeeds.ExactScore) && preprocessing is not null
            && LatentMixture.Obstacle(dataset.Density, preprocessing) is { } obstacle) return $"needs the exact score ({obstacle})";
        if (entry.Diagnostic is { } key
            && !Asked(trial.Diagnostics, key, entry.Reference)) return $"needs diagnostics.{key}{(entry.Reference is null ? "" : $" with {entry.Reference}")}";
        if (entry.Component > dataset.Dimensions) return $"needs data of {entry.Component} dimensions, not {dataset.Dimensions}";
        return MetricAddress.Of(metric) is { At: { } x } address ? NotSampled(address, x, trial) : null;
    }

    private static bool Asked(DiagnosticsSpec? diagnostics, string key, string? reference)
    {
        if (diagnostics is null) return false;
        if (key == DiagnosticsSection.ExplainedShare.Name) return diagnostics.ExplainedShare?.Contains(reference!, StringComparer.Ordinal) is true;
        if (key == DiagnosticsSection.ExplainedPath.Name) return diagnostics.ExplainedPath?.Contains(reference!, StringComparer.Ordinal) is true;
        if (key == DiagnosticsSection.SymmetryBreaking.Name) return diagnostics.SymmetryBreaking is true;
        if (key == DiagnosticsSection.TotalCorrelation.Name) return diagnostics.TotalCorrelation is true;
        if (key == DiagnosticsSection.PrincipalComponents.Name) return diagnostics.PrincipalComponents is true;
        if (key == DiagnosticsSection.Collapse.Name) return diagnostics.Collapse is true;
        if (key == DiagnosticsSection.DenoisingError.Name) return diagnostics.DenoisingError is true;
        if (key == DiagnosticsSection.Bifurcation.Name) return diagnostics.Bifurcation is true;
        if (key == DiagnosticsSection.ErrorDecomposition.Name) return diagnostics.ErrorDecomposition is true;
        if (key == DiagnosticsSection.ValidationLoss.Name) return diagnostics.ValidationLoss is true;
        return key == DiagnosticsSection.Likelihood.Name && diagnostics.Likelihood is true;
    }

    private static string? NotSampled(MetricAddress address, double x, TrialSpec trial)
    {
        var curve = address.Name;
        if (CurveNames.SplitSigma(curve) is { } split
            && Elsewhere(split.Sigma, DiagnosticSigmas.Of(trial)) is { } levels) return $"is not measured at sigma {Show(split.Sigma)} ({levels})";
        switch (CurveAxis.KindOf(curve))
        {
            case CurveAxis.Sigma:
                return Elsewhere(x, DiagnosticSigmas.Of(trial)) is { } sigmas ? $"is not measured there ({sigmas})" : null;
            case CurveAxis.TrainingStep when curve == CurveNames.TrainingLoss:
                // The windows are the trainer's; their number is known when it has run.
                return x > trial.Training.Steps ? $"is beyond the last training step, {trial.Training.Steps}" : null;
            case CurveAxis.TrainingStep when curve == CurveNames.ValidationLoss:
                return Elsewhere(x, [.. ValidationSteps.Of(trial.Training.Steps).Select(s => (double)s)]) is { } validated
                ? $"is not measured there ({validated})" : null;
            case CurveAxis.TrainingStep:
                return Elsewhere(x, [.. (trial.Diagnostics?.TrainingSteps ?? []).Select(s => (double)s)]) is { } steps
                ? $"is not measured there ({steps})" : null;
            default:
                // Teleportation may leave fewer.
                return x == Math.Truncate(x) && x <= trial.Sampling.Steps
                    ? null : $"has no reverse step {Show(x)} (whole numbers from 0 to {trial.Sampling.Steps})";
        }
    }

    /// <summary>Null where x is among the places; otherwise which those are, and the nearest.</summary>
    private static string? Elsewhere(double x, double[] places) =>
        places.Length == 0 ? "no training steps are listed in diagnostics.training_steps"
        : places.Contains(x) ? null
        : $"nearest {Show(places.MinBy(p => Math.Abs(Math.Log((p + 1e-300) / (x + 1e-300)))))}, of {string.Join(", ", places.Select(Show))}";

    private static string Show(double number) => number.ToString("R", CultureInfo.InvariantCulture);
}
