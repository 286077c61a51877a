
namespace Sweep.Grains.Specs;

/// <summary>Where a stored curve's values lie: a pure function of the curve's name and the trial's spec, as stores keep values alone.</summary>
/// <param name="Kind"><see cref="ReverseStep"/>, <see cref="TrainingStep"/> or <see cref="Sigma"/>: never renamed.</param>
/// <param name="Label">For display.</param>
/// <param name="Unit">Empty where it has none.</param>
/// <param name="X">Strictly ascending, one per value.</param>
public sealed record CurveAxis(string Kind, string Label, string Unit, double[] X)
{
    /// <summary>Index = reverse step, 0 the initial noise.</summary>
    public const string ReverseStep = "reverse_step";

    /// <summary>Steps of training done.</summary>
    public const string TrainingStep = "training_step";

    /// <summary>noise / signal.</summary>
    public const string Sigma = "sigma";

    /// <param name="curve">Its name; one that is not known is over reverse steps.</param>
    /// <param name="trial">The trial that left it.</param>
    /// <param name="length">Its number of values.</param>
    /// <exception cref="InvalidDataException">The trial's spec gives another number of values.</exception>
    public static CurveAxis Of(string curve, TrialSpec trial, int length)
    {
        ArgumentNullException.ThrowIfNull(curve);
        ArgumentNullException.ThrowIfNull(trial);
        return KindOf(curve) switch
        {
            // The last step of each of the curve's windows, as training closes them.
            TrainingStep when curve == CurveNames.TrainingLoss =>
                Steps([.. Enumerable.Range(1, length).Select(i => (double)((long)i * trial.Training.Steps / length))]),
            TrainingStep when curve == CurveNames.ValidationLoss =>
                Steps(Require(curve, trial, length, [.. ValidationSteps.Of(trial.Training.Steps).Select(s => (double)s)])),
            TrainingStep => Steps(Require(curve, trial, length, [.. (trial.Diagnostics?.TrainingSteps ?? []).Select(s => (double)s)])),
            Sigma => new CurveAxis(Sigma, "sigma", "", Require(curve, trial, length, DiagnosticSigmas.Of(trial))),
            _ => new CurveAxis(ReverseStep, "reverse step", "", [.. Enumerable.Range(0, length).Select(i => (double)i)]),
        };
    }

    /// <summary>The same, of a stored curve that may be damaged: null with the problem where <see cref="Of"/> would throw.</summary>
    public static CurveAxis? TryOf(string curve, TrialSpec trial, int length, out string? problem)
    {
        try
        {
            problem = null;
            return Of(curve, trial, length);
        }
        catch (InvalidDataException e)
        {
            problem = e.Message;
            return null;
        }
    }

    /// <summary>The kind of x that a curve of this name has.</summary>
    public static string KindOf(string curve)
    {
        ArgumentNullException.ThrowIfNull(curve);
        if (curve is CurveNames.TrainingLoss or CurveNames.ValidationLoss || CurveNames.SplitSigma(curve) is not null)
            return TrainingStep;
        bool sigma = curve.StartsWith(CurveNames.ExplainedScorePrefix, StringComparison.Ordinal)
            || curve.StartsWith(CurveNames.ExplainedDenoiserPrefix, StringComparison.Ordinal)
            || curve.StartsWith(CurveNames.ExplainedPathPrefix, StringComparison.Ordinal)
            || curve.StartsWith(CurveNames.ExplainedPerSamplePrefix, StringComparison.Ordinal)
            || CurveNames.Component(curve) is not null
            || curve is CurveNames.Collapse or CurveNames.OutOfPlane or CurveNames.OutOfPlane + CurveNames.OfOthers
            || curve is CurveNames.DenoisingError or CurveNames.Bifurcation or CurveNames.MeanGain or CurveNames.MeanGain + CurveNames.Exact
            or CurveNames.DenoisingError + CurveNames.Exact or CurveNames.Bifurcation + CurveNames.Exact;
        return sigma ? Sigma : ReverseStep;
    }

    private static CurveAxis Steps(double[] x) => new(TrainingStep, "training step", "", x);

    private static double[] Require(string curve, TrialSpec trial, int length, double[] x) => x.Length == length
        ? x
        : throw new InvalidDataException($"{curve} of trial {trial.Id} has {length} points; allowed: {x.Length}, as its spec lists");
}
