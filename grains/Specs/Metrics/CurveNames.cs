using System.Globalization;

namespace Sweep.Grains.Specs;

/// <summary>The names of curves. They are part of stored results and specs: never rename, only add.</summary>
public static class CurveNames
{
    public const string LogLikelihood = Diffusion.Metrics.LogLikelihood.Key;
    public const string LogLikelihoodX0 = "log_likelihood_x0";
    public const string TrainingLoss = "training_loss";
    public const string ValidationLoss = "validation_loss";
    public const string DenoisingError = "denoising_error";
    public const string Bifurcation = "bifurcation";

    /// <summary>What a curve of the exact denoiser is called after the model's: <c>denoising_error.exact</c>.</summary>
    public const string Exact = ".exact";

    /// <summary>What stands between a curve's name and the one sigma of <see cref="AtSigma"/>.</summary>
    public const string SigmaInfix = ".sigma_";

    /// <summary>The largest gain of x0-hat at the data's mean; over sigma.</summary>
    public const string MeanGain = "mean_gain";

    internal const string ExplainedPathPrefix = "explained_path.", ExplainedPerSamplePrefix = "explained_score_per_sample.";

    internal const string ExplainedScorePrefix = "explained_score.", ExplainedDenoiserPrefix = "explained_denoiser.";

    /// <summary>The share of the score that a reference explains; over sigma.</summary>
    public static string ExplainedScore(string reference) => ExplainedScorePrefix + reference;

    /// <summary>The share of x0-hat that a reference explains; over sigma.</summary>
    public static string ExplainedDenoiser(string reference) => ExplainedDenoiserPrefix + reference;

    /// <summary>The mean over points of the share of each one's score that a reference explains, not centred; over sigma.</summary>
    public static string ExplainedPerSample(string reference) => ExplainedPerSamplePrefix + reference;

    /// <summary>The share of the model's states along the probability flow that a reference's path from the same noise explains; over sigma.</summary>
    public static string ExplainedPath(string reference) => ExplainedPathPrefix + reference;

    /// <summary>The same curve at one sigma, over training steps.</summary>
    public static string AtSigma(string curve, double sigma) => curve + SigmaInfix + sigma.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>Splits what <see cref="AtSigma"/> joined; null for any other name.</summary>
    public static (string Curve, double Sigma)? SplitSigma(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        int at = name.IndexOf(SigmaInfix, StringComparison.Ordinal);
        return at > 0 && double.TryParse(name.AsSpan(at + SigmaInfix.Length), NumberStyles.Float, CultureInfo.InvariantCulture, out double sigma)
            ? (name[..at], sigma)
            : null;
    }
}
