using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Kinds;

namespace Sweep.Diffusion.Preprocessing;

/// <summary>The identity: training sees the data as they are. Only finite numbers are asked for.</summary>
public sealed class None : IPreprocessing
{
    private const string Name = "none";

    public static Kind<IPreprocessing> Kind { get; } = new(Name, "the data as they are", [], _ => new None());

    public bool IsAffine => true;

    public FitNeeds Needs => FitNeeds.None;

    public IFittedPreprocessing Fit(PointSet training, ulong seed, FitProgress progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(training);
        int bad = Array.FindIndex(training.Values, v => !double.IsFinite(v));
        if (bad >= 0)
            throw new PreprocessingException(
                $"training point {bad / training.Dimensions}, column {training.Column(bad % training.Dimensions)}: {training.Values[bad]}; allowed: finite "
                + $"numbers");
        return new FittedPreprocessing(
            Name, training.Dimensions, [], new PreprocessingDiagnostics { Converged = true, RoundTripError = 0, Warnings = [] });
    }
}
