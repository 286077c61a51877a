using System.Globalization;
using System.Numerics.Tensors;
using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Kinds;
using Sweep.Diffusion.Metrics;
using Sweep.Diffusion.Preprocessing;
using Sweep.Grains.Specs;
using Sweep.Silo.Preparation;

namespace Sweep.Silo;

/// <summary>
/// Draws datasets and fits preprocessings, each once per content: (dataset, seed, sizes), and with the preprocessing. Thread-safe.
/// </summary>
/// <param name="exchange">Has fits of other silos; null: each silo makes its own.</param>
internal sealed class DataStage(IFitExchange? exchange = null)
{
    /// <summary>Fits kept, and as many drawn data sets, which they hold on to anyway.</summary>
    private const int Kept = 48;
    private const int LargestValidation = 4096;

    /// <summary>Round-trip errors above it get a note; a map that keeps its promise on rough data is below.</summary>
    private const double LargestRoundTrip = 1e-6;

    private readonly SharedWork<DrawnData> _draws = new(Kept, _ => 1);
    private readonly SharedWork<PreparedData> _fits = new(Kept, _ => 1);

    /// <param name="trial">The trial.</param>
    /// <param name="attempt">Told of the phases and of how far the fit is; null where there is none.</param>
    /// <param name="cancellationToken">Ends the attempt: another that waits for the same fit then makes it.</param>
    /// <exception cref="TrialFailedException">The points can't be fitted.</exception>
    public PreparedData Prepare(TrialSpec trial, AttemptProgress? attempt = null, CancellationToken cancellationToken = default)
    {
        attempt?.Report(AttemptPhase.Dataset, 0);
        string draw = $"{Key(trial.Dataset)}|{trial.Seed}|{trial.Training.Points}|{trial.Sampling.Samples}";
        DrawnData drawn = _draws.Get(draw, () => Draw(trial), attempt, cancellationToken);
        attempt?.Report(AttemptPhase.Fit, 0);
        return _fits.Get($"{draw}|{Key(trial.Preprocessing)}", () => Fit(trial, drawn, attempt, cancellationToken), attempt, cancellationToken);
    }

    private static string Key(KindSpec kind) => $"{kind.Kind}{kind.Parameters.ToJsonString()}";

    private static DrawnData Draw(TrialSpec trial)
    {
        try
        {
            IDataset dataset = DatasetKinds.Registry.Create(trial.Dataset.Kind, new ParameterValues(trial.Dataset.Parameters));
            int samples = trial.Sampling.Samples;
            var sizes = new SplitSizes(trial.Training.Points, Math.Min(LargestValidation, trial.Training.Points), samples, samples);
            DatasetSplit split = dataset.Draw(sizes, (ulong)trial.Seed);
            return new DrawnData { Dataset = dataset, Split = split, Truth = new MetricTruth(dataset, split) };
        }
        catch (KindException e)
        {
            throw new TrialFailedException($"dataset {trial.Dataset.Name}: {e.Message}", e);
        }
    }

    /// <summary>A fit's warnings, and one of the round trip where it is not exact.</summary>
    internal static IReadOnlyList<string> Notes(IReadOnlyList<string> warnings, double roundTrip) => roundTrip <= LargestRoundTrip
        ? warnings
        : [.. warnings, string.Create(
            CultureInfo.InvariantCulture,
            $"Test points do not come back from the preprocessing: round-trip error {roundTrip:g2} of a column's standard deviation. "
            + $"It is ill-conditioned; fewer layers or a wider bandwidth help.")];

    /// <summary>Of finite data, how this seed split its rows: what comparisons correct their intervals by.</summary>
    private static string[] SplitNotes(DrawnData drawn) => !drawn.Dataset.IsFinite ? []
        : [new SplitRows(drawn.Split.Training.Count, drawn.Split.Test.Count).NoteOf((drawn.Dataset as FileDataset)?.Split ?? RowSplit.Seeds)];

    /// <summary>Networks compute in single precision.</summary>
    private static void RequireFinite(TrialSpec trial, PointSet training, double[] latents, float[] narrow)
    {
        int bad = Array.FindIndex(narrow, v => !float.IsFinite(v));
        if (bad < 0)
            return;
        (int row, int column) = Math.DivRem(bad, training.Dimensions);

        // A rotation's coordinates are no columns.
        string place = trial.Preprocessing.Kind is "whiten" or "ica" or "gaussianize" ? $"component {column}" : $"column {training.Column(column)}";
        throw new TrialFailedException(string.Create(
            CultureInfo.InvariantCulture,
            $"preprocessing {trial.Preprocessing.Name} on {trial.Dataset.Name}: {place} of training point {row} comes out as {latents[bad]:g3}; allowed: up "
                + $"to {float.MaxValue:g3}, as networks compute in single precision"));
    }

    private PreparedData Fit(TrialSpec trial, DrawnData drawn, AttemptProgress? attempt, CancellationToken cancellationToken)
    {
        try
        {
            IPreprocessing preprocessing =
                PreprocessingKinds.Registry.Create(trial.Preprocessing.Kind, new ParameterValues(trial.Preprocessing.Parameters));
            PointSet training = drawn.Split.Training;

            var progress = new FitProgress(share => attempt?.Report(AttemptPhase.Fit, share));
            IFittedPreprocessing Make() => preprocessing.Fit(training, (ulong)trial.Seed, progress, cancellationToken);
            IFittedPreprocessing fitted = exchange is null || trial.Preprocessing.Kind == None.Kind.Name
                ? Make()
                : exchange.Get(TrialIdentity.Fit(trial), Make);
            var latents = new double[training.Values.Length];
            fitted.Forward(training.Values, latents);
            var narrow = new float[latents.Length];
            TensorPrimitives.ConvertTruncating<double, float>(latents, narrow);
            RequireFinite(trial, training, latents, narrow);
            double roundTrip = RoundTripError.Of(fitted, drawn.Split.Test, training);
            return new PreparedData
            {
                Drawn = drawn,
                Fitted = fitted,
                Latents = narrow,
                RoundTripError = roundTrip,
                Notes = [.. drawn.Dataset.Notes, .. Notes(fitted.Diagnostics.Warnings, roundTrip), .. SplitNotes(drawn)],
            };
        }
        catch (PreprocessingException e)
        {
            throw new TrialFailedException($"preprocessing {trial.Preprocessing.Name} on {trial.Dataset.Name}: {e.Message}", e);
        }
    }
}
