using System.Globalization;
using Sweep.Diffusion.Datasets;
using Sweep.Grains.Comparison;
using Sweep.Grains.Comparison.Report;

namespace Sweep.Grains.Specs;

/// <summary>Whether a metric's name means something, and whether a trial will have it.</summary>
internal static class MetricCheck
{
    /// <summary>What is wrong with a name: <c>loglikelihood (did you mean log_likelihood?); allowed: …</c>; null when the catalogue knows it.</summary>
    /// <param name="names">The metrics allowed.</param>
    public static string? Unknown(string text, IReadOnlyList<string> names)
    {
        var address = MetricAddress.Of(text);
        if (address.IsReadOff ? MetricCatalog.Entry(text) is not null : names.Contains(text, StringComparer.Ordinal)) return null;
        var offer = address.IsReadOff ? SpecWords.Nearest(address.Name, MetricCatalog.CurveNames) is { } curve ? $"{curve}@{address.AtText}" : null : SpecWords.Nearest(text, names);
        return $"{SpecWords.Show(text)}{(offer is null ? "" : $" (did you mean {offer}?)")}; allowed: {string.Join(", ", names)}, or CURVE@X of {string.Join(", ", MetricCatalog.CurveNames)}";
    }

    /// <summary>Why a trial will not have a metric that is known: <c>needs a dataset with known density</c>; null when it will.</summary>
    public static string? Missing(string metric, TrialSpec trial, IDataset dataset)
    {
        if (MetricCatalog.Entry(metric) is not { } entry) return "is not known";
        if (entry.Needs.HasFlag(MetricNeeds.Density) && dataset.Density is null) return "needs a dataset with known density";
        if (entry.Needs.HasFlag(MetricNeeds.Modes) && dataset.Modes is null) return "needs a dataset with known modes";
        if (entry.Needs.HasFlag(MetricNeeds.Training) && trial.Network.Kind is not "mlp") return $"needs a network that is trained, and {trial.Network.Kind} is not";
        return MetricAddress.Of(metric) is { At: { } x } address ? NotSampled(address.Name, x, trial) : null;
    }

    private static string? NotSampled(string curve, double x, TrialSpec trial)
    {
        if (curve is "training_loss") return null;
        return x == Math.Truncate(x) && x <= trial.Sampling.Steps
            ? null
            : $"has no reverse step {x.ToString("R", CultureInfo.InvariantCulture)} (allowed: whole numbers from 0 to {trial.Sampling.Steps})";
    }
}
