using Sweep.Diffusion.Metrics;
using Sweep.Grains.Specs;

namespace Sweep.Grains.Comparison.Report;

/// <summary>Every metric there is, in the order in which reports show them: specs name these, and what a metric needs is said here alone.</summary>
internal static class MetricCatalog
{
    public const string LogLikelihood = MetricNames.LogLikelihood;
    public const string EnergyDistance = MetricNames.EnergyDistance;
    public const string SlicedWasserstein = MetricNames.SlicedWasserstein2;
    public const string StepsToThreshold = MetricNames.StepsToThreshold;
    public const string Higher = "higher";
    public const string Lower = "lower";
    public const string Floor = "floor";

    private static readonly MetricEntry[] Known =
    [
        new(LogLikelihood, "Log-likelihood", "nats", Floor,
            "Mean true log-density of the samples. Fresh true samples score the floor, so the closer to the floor the better: samples below it miss the "
            + "distribution, samples above it crowd its modes. Comparisons use the distance from the floor, and an arm certainly above the floor "
            + "wins only while it is within the threshold and its energy distance is no worse.") { Needs = MetricNeeds.Density },
        new(MetricNames.LogLikelihoodGap, "Gap to the floor", "nats", Floor,
            "The floor minus the log-likelihood: what the samples lack; 0 is as good as the truth, below 0 they crowd its modes.")
            { Needs = MetricNeeds.Density, Derived = true },
        new(EnergyDistance, "Energy distance", "", Lower, "Between the samples and fresh true samples; the floor is that of two true sets."),
        new(SlicedWasserstein, "Sliced Wasserstein-2", "", Lower,
            "Between the samples and fresh true samples over many projections; the floor is that of two true sets."),
        new(MetricNames.KlEquiprobable, "KL on equiprobable bins", "nats", Lower,
            "Of the samples' shares of 100 bins that the truth fills equally, from the truth: one-dimensional data alone. An empty bin adds nothing. The floor is that of fresh true samples; evenly spaced ones, from quantiles, can be below it.")
            { Needs = MetricNeeds.Density | MetricNeeds.OneDimension },
        new(MetricNames.NegativeLogLikelihood, "Held-out negative log-likelihood", "nats", Lower,
            "Of test points under the density that the model's probability flow gives them; the floor is what the true density gives, where it is known.")
            { Diagnostic = DiagnosticsSection.Likelihood.Name },
        new(MetricNames.BitsPerDimension, "Held-out bits per dimension", "bits", Lower, "The held-out negative log-likelihood in bits, over the number of dimensions.")
            { Diagnostic = DiagnosticsSection.Likelihood.Name },
        new(MetricNames.ModeCoverage, "Mode coverage", "share", Higher, "Share of the known modes that samples reach.") { Needs = MetricNeeds.Modes },
        new(MetricNames.ModePrecision, "Mode precision", "share", Higher, "Share of the samples that lie in a known mode; the floor is that of true samples.")
            { Needs = MetricNeeds.Modes },
        new(StepsToThreshold, "Steps to threshold", "reverse steps", Lower,
            "The first reverse step from which the log-likelihood stays within the threshold of the floor; never when it doesn't.") { Needs = MetricNeeds.Density },
        new(MetricNames.LogLikelihoodTotalVariation, "Total variation", "nats", Lower,
            "Of the log-likelihood curve: the sum of its absolute changes over the reverse steps: small when the way to the end is short and smooth.")
            { Needs = MetricNeeds.Density },
        new(MetricNames.StepsToFinalLoss, "Steps to final loss", "training steps", Lower,
            "The training step from which the smoothed training loss stays within 5% of its final value; never when it doesn't.")
            { Needs = MetricNeeds.Training, Derived = true },
        new(MetricNames.DenoiserEvaluations, "Denoiser evaluations (NFE)", "", Lower, "How often the sampler asked the denoiser, per sample: lower is better at equal quality."),
        new(MetricNames.RoundTripError, "Round-trip error", "", Lower,
            "Of the preprocessing on test points: how far they come back from where they were, root mean square in standard deviations of each column. Above rounding, 1e-16, digits are lost to plateaus."),
        new(MetricNames.BifurcationSigma, "Bifurcation sigma", "", Floor,
            "The noise level at which trajectories commit to a mode: half-way between all returning to theirs and chance. The floor is that of the exact score.")
            { Needs = MetricNeeds.Modes, Diagnostic = DiagnosticsSection.Bifurcation.Name },
        new(MetricNames.BifurcationSigmaExact, "Bifurcation sigma, exact score", "", Floor, "The noise level at which the trajectories of the exact score commit to a mode.")
            { Needs = MetricNeeds.Modes | MetricNeeds.ExactScore, Diagnostic = DiagnosticsSection.Bifurcation.Name },
        Decomposed(MetricNames.ErrorInitialisation, "Initialisation error", "What starting from pure noise adds to the energy distance; with sampling error, so below 0 at times."),
        Decomposed(MetricNames.ErrorScore, "Score error", "What the learned score adds to the energy distance, on a fine grid."),
        Decomposed(MetricNames.ErrorDiscretisation, "Discretisation error", "What the sampler and the grid asked for add to the energy distance."),
        Decomposed(MetricNames.PathErrorInitialisation, "Initialisation path error",
            "Root mean square distance, in latent space, between where paths end that start from pure noise and from noised data, with the exact score."),
        Decomposed(MetricNames.PathErrorScore, "Score path error", "Root mean square distance, in latent space, between where paths of the learned and of the exact score end."),
        Decomposed(MetricNames.PathErrorDiscretisation, "Discretisation path error",
            "Root mean square distance, in latent space, between where paths on the grid asked for and on a fine one end."),
        new(MetricNames.TrainSeconds, "Training time", "s", Lower, "Wall-clock; varies from run to run and with what else the machine did."),
        new(MetricNames.SampleSeconds, "Sampling time", "s", Lower, "Wall-clock; varies from run to run and with what else the machine did."),
    ];

    /// <summary>The metrics' names.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Known.Select(m => m.Name)];

    /// <summary>Those that no diagnostic has to be asked for.</summary>
    public static IReadOnlyList<string> Plain { get; } = [.. Known.Where(m => m.Diagnostic is null).Select(m => m.Name)];

    /// <summary>What is known of a metric; a read-off <c>CURVE@X</c> takes after its curve, and a metric that is not known reads "higher".</summary>
    public static MetricInfo Info(string name) => Entry(name)?.Info ?? new MetricInfo(name, name, "", Higher, "Not a metric this report knows; higher is taken for better.");

    /// <summary>The metric, or the read-off of a curve, by its name; null when nothing is called so.</summary>
    public static MetricEntry? Entry(string name)
    {
        MetricAddress address = MetricAddress.Of(name);
        if (!address.IsReadOff)
            return Find(Known, name);
        if (CurveCatalog.Find(address.Name) is not { } curve)
            return null;
        string at = CurveAxis.KindOf(address.Name) switch
        {
            CurveAxis.Sigma => $"sigma {address.AtText}",
            CurveAxis.TrainingStep => $"training step {address.AtText}",
            _ => $"reverse step {address.AtText}",
        };
        return curve with
        {
            Name = address.ToString(),
            Label = $"{curve.Label} at {at}",
            Explanation = $"The {Wording.InSentence(curve.Label)} curve at {at}{(curve.Better == Floor ? "; judged by its floor in the same way" : "")}.",
        };
    }

    /// <summary>Names in the order of the catalogue, unknown ones last by name.</summary>
    public static IEnumerable<string> InOrder(IEnumerable<string> names) =>
        names.Distinct(StringComparer.Ordinal)
            .OrderBy(n => Array.FindIndex(Known, m => string.Equals(m.Name, n, StringComparison.Ordinal)) is >= 0 and var i ? i : Known.Length)
            .ThenBy(n => n, StringComparer.Ordinal);

    /// <summary>Whether a name is that of a curve's value at one place.</summary>
    public static bool IsReadOff(string name) => MetricAddress.Of(name).IsReadOff;

    private static MetricEntry Decomposed(string name, string label, string explanation) =>
        new(name, label, "", Lower, explanation) { Needs = MetricNeeds.ExactScore, Diagnostic = DiagnosticsSection.ErrorDecomposition.Name };

    private static MetricEntry? Find(MetricEntry[] among, string name) => among.FirstOrDefault(m => string.Equals(m.Name, name, StringComparison.Ordinal));
}
