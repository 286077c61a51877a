using System.Globalization;
using Sweep.Diffusion.Metrics;

namespace Sweep.Grains.Comparison.Report;

/// <summary>The metrics that trials report, in the order in which reports show them.</summary>
internal static class MetricCatalog
{
    public const string LogLikelihood = MetricNames.LogLikelihood;
    public const string EnergyDistance = MetricNames.EnergyDistance;
    public const string SlicedWasserstein = MetricNames.SlicedWasserstein2;
    public const string StepsToThreshold = MetricNames.StepsToThreshold;
    public const string Higher = "higher";
    public const string Lower = "lower";
    public const string Floor = "floor";

    private static readonly MetricInfo[] Known =
    [
        new(LogLikelihood, "Log-likelihood", "nats", Floor,
            "Mean true log-density of the samples. Fresh true samples score the floor, so the closer to the floor the better: samples below it miss the "
            + "distribution, samples above it crowd its modes. Comparisons use the distance from the floor, and an arm certainly above the floor "
            + "wins only while it is within the threshold and its energy distance is no worse."),
        new(EnergyDistance, "Energy distance", "", Lower, "Between the samples and fresh true samples; the floor is that of two true sets."),
        new(SlicedWasserstein, "Sliced Wasserstein-2", "", Lower,
            "Between the samples and fresh true samples over many projections; the floor is that of two true sets."),
        new(MetricNames.ModeCoverage, "Mode coverage", "share", Higher, "Share of the known modes that samples reach."),
        new(MetricNames.ModePrecision, "Mode precision", "share", Higher, "Share of the samples that lie in a known mode; the floor is that of true samples."),
        new(StepsToThreshold, "Steps to threshold", "reverse steps", Lower,
            "The first reverse step from which the log-likelihood stays within the threshold of the floor; never when it doesn't."),
        new(MetricNames.LogLikelihoodTotalVariation, "Total variation", "nats", Lower,
            "Of the log-likelihood curve: the sum of its absolute changes over the reverse steps: small when the way to the end is short and smooth."),
        new(MetricNames.DenoiserEvaluations, "Denoiser evaluations", "", Lower, "How often the sampler calls the network for one batch of samples."),
        new(MetricNames.DenoiserEvaluations, "Denoiser evaluations per sample", "", Lower, "How often the sampler asked the denoiser, per sample: lower is better at equal quality."),
        new(MetricNames.BifurcationSigma, "Bifurcation sigma", "", Floor,
            "The noise level at which trajectories commit to a mode: half-way between all returning to theirs and chance. The floor is that of the exact score."),
        new(MetricNames.BifurcationSigmaExact, "Bifurcation sigma, exact score", "", Floor, "The noise level at which the trajectories of the exact score commit to a mode."),
        new(MetricNames.ErrorInitialisation, "Initialisation error", "", Lower, "What starting from pure noise adds to the energy distance; with sampling error, so below 0 at times."),
        new(MetricNames.ErrorScore, "Score error", "", Lower, "What the learned score adds to the energy distance, on a fine grid."),
        new(MetricNames.ErrorDiscretisation, "Discretisation error", "", Lower, "What the sampler and the grid asked for add to the energy distance."),
        new(MetricNames.PathErrorInitialisation, "Initialisation path error", "", Lower,
            "Root mean square distance, in latent space, between where paths end that start from pure noise and from noised data, with the exact score."),
        new(MetricNames.PathErrorScore, "Score path error", "", Lower, "Root mean square distance, in latent space, between where paths of the learned and of the exact score end."),
        new(MetricNames.PathErrorDiscretisation, "Discretisation path error", "", Lower,
            "Root mean square distance, in latent space, between where paths on the grid asked for and on a fine one end."),
        new(MetricNames.TrainSeconds, "Training time", "s", Lower, "Wall-clock; varies from run to run and with what else the machine did."),
        new(MetricNames.SampleSeconds, "Sampling time", "s", Lower, "Wall-clock; varies from run to run and with what else the machine did."),
    ];

    /// <summary>What is known of a metric; a read-off <c>curve@step</c> takes after its curve, and a metric that is not known reads "higher".</summary>
    public static MetricInfo Info(string name)
    {
        if (Known.FirstOrDefault(m => string.Equals(m.Name, name, StringComparison.Ordinal)) is { } known)
            return known;
        if (ReadOff(name) is { } readOff && Known.FirstOrDefault(m => string.Equals(m.Name, readOff.Curve, StringComparison.Ordinal)) is { } curve)
        {
            string step = readOff.Step.ToString(CultureInfo.InvariantCulture);
            return curve with
            {
                Name = name,
                Label = $"{curve.Label} at reverse step {step}",
                Explanation = $"The {curve.Label.ToLowerInvariant()} curve after reverse step {step}; judged by its floor in the same way.",
            };
        }

        return new MetricInfo(name, name, "", Higher, "Not a metric this report knows; higher is taken for better.");
    }

    /// <summary>Names in the order of the catalogue, unknown ones last by name.</summary>
    public static IEnumerable<string> InOrder(IEnumerable<string> names) =>
        names.Distinct(StringComparer.Ordinal)
            .OrderBy(n => Array.FindIndex(Known, m => string.Equals(m.Name, n, StringComparison.Ordinal)) is >= 0 and var i ? i : Known.Length)
            .ThenBy(n => n, StringComparer.Ordinal);

    /// <summary><c>log_likelihood@20</c> is the curve's value at step 20; null for a plain metric.</summary>
    public static (string Curve, int Step)? ReadOff(string name)
    {
        int at = name.LastIndexOf('@');
        return at > 0 && int.TryParse(name.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int step)
            ? (name[..at], step)
            : null;
    }
}
