using System.Globalization;
using System.Numerics;

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

    /// <summary>The mean posterior weight of the training point that was noised; over sigma.</summary>
    public const string Collapse = "collapse";

    /// <summary>The share of paths' squared distance from the mean outside the plane of their ends; over sigma.</summary>
    public const string OutOfPlane = "out_of_plane";

    /// <summary>What a curve beside the model's is called that takes another path's plane: the control.</summary>
    public const string OfOthers = ".of_others";

    /// <summary>What the closed form of the data's Gaussian is called after the model's curve: <c>emerged.pc_1.gaussian</c>.</summary>
    public const string Gaussian = ".gaussian";

    internal const string EmergedPrefix = "emerged.pc_", PerturbationPrefix = "perturbation.pc_";

    internal const string ExplainedPathPrefix = "explained_path.", ExplainedPerSamplePrefix = "explained_score_per_sample.";

    internal const string ExplainedScorePrefix = "explained_score.", ExplainedDenoiserPrefix = "explained_denoiser.";

    private static readonly string[] ReferencePrefixes = [ExplainedScorePrefix, ExplainedDenoiserPrefix, ExplainedPerSamplePrefix, ExplainedPathPrefix];

    /// <summary>The share of the score that a reference explains; over sigma.</summary>
    public static string ExplainedScore(string reference) => ExplainedScorePrefix + reference;

    /// <summary>The share of x0-hat that a reference explains; over sigma.</summary>
    public static string ExplainedDenoiser(string reference) => ExplainedDenoiserPrefix + reference;

    /// <summary>The mean over points of the share of each one's score that a reference explains, not centred; over sigma.</summary>
    public static string ExplainedPerSample(string reference) => ExplainedPerSamplePrefix + reference;

    /// <summary>The share of the model's states along the probability flow that a reference's path from the same noise explains; over sigma.</summary>
    public static string ExplainedPath(string reference) => ExplainedPathPrefix + reference;

    /// <summary>How much of a path's end along a principal component (from 1) x0-hat has; over sigma.</summary>
    public static string Emerged(int component) => string.Create(CultureInfo.InvariantCulture, $"{EmergedPrefix}{component}");

    /// <summary>What becomes of a small step along a principal component (from 1); over sigma.</summary>
    public static string Perturbation(int component) => string.Create(CultureInfo.InvariantCulture, $"{PerturbationPrefix}{component}");

    /// <summary>The principal component that a curve of emergence or perturbation is about, and whether it is the Gaussian's; null for others.</summary>
    public static (int Component, bool Gaussian)? Component(string curve)
    {
        ArgumentNullException.ThrowIfNull(curve);
        bool gaussian = curve.EndsWith(Gaussian, StringComparison.Ordinal);
        string own = gaussian ? curve[..^Gaussian.Length] : curve;
        return Array.Find([EmergedPrefix, PerturbationPrefix], p => own.StartsWith(p, StringComparison.Ordinal)) is { } prefix
            && int.TryParse(own.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int component) && BitOperations.IsPow2(component)
            ? (component, gaussian)
            : null;
    }

    /// <summary>The reference denoiser that a curve is about; null for one that is about none.</summary>
    public static string? Reference(string curve)
    {
        ArgumentNullException.ThrowIfNull(curve);
        string over = SplitSigma(curve)?.Curve ?? curve;
        return Array.Find(ReferencePrefixes, p => over.StartsWith(p, StringComparison.Ordinal)) is { } prefix ? over[prefix.Length..] : null;
    }

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
