using System.Globalization;
using System.Numerics.Tensors;
using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Kinds;
using Sweep.Diffusion.Metrics;
using Sweep.Diffusion.Preprocessing;
using Sweep.Grains.Specs;

namespace Sweep.Silo;

/// <summary>
/// Draws datasets and fits preprocessings, each once per content: (dataset, seed, sizes), and with the preprocessing. Thread-safe.
/// </summary>
/// <param name="exchange">Has fits of other silos; null: each silo makes its own.</param>
internal sealed class DataStage(IFitExchange? exchange = null)
{
    private const int Draws = 16;
    private const int Fits = 48;
    private const int LargestValidation = 4096;

    /// <summary>Round-trip errors above it get a note; a map that keeps its promise on rough data is below.</summary>
    private const double LargestRoundTrip = 1e-6;

    private readonly OnceCache<string, DrawnData> _draws = new(Draws);
    private readonly OnceCache<string, PreparedData> _fits = new(Fits);

    /// <param name="attempt">Told of the phases; null where there is none.</param>
    /// <exception cref="TrialFailedException">The points can't be fitted.</exception>
    public PreparedData Prepare(TrialSpec trial, AttemptProgress? attempt = null)
    {
        attempt?.Report(AttemptPhase.Dataset, 0);
        string draw = $"{Key(trial.Dataset)}|{trial.Seed}|{trial.Training.Points}|{trial.Sampling.Samples}";
        bool made = false;
        PreparedData prepared = _fits.Get($"{draw}|{Key(trial.Preprocessing)}", () =>
        {
            made = true;
            DrawnData drawn = _draws.Get(draw, () => Draw(trial));
            attempt?.Report(AttemptPhase.Fit, 0);
            return Fit(trial, drawn);
        });
        attempt?.Report(AttemptPhase.Fit, 1);
        if (!made)
            attempt?.Reused();
        return prepared;
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
            $"Test points do not come back from the preprocessing: round-trip error {roundTrip:g2} of a column's standard deviation. It is ill-conditioned; fewer layers or a wider bandwidth help.")];

    private PreparedData Fit(TrialSpec trial, DrawnData drawn)
    {
        try
        {
            IPreprocessing preprocessing =
                PreprocessingKinds.Registry.Create(trial.Preprocessing.Kind, new ParameterValues(trial.Preprocessing.Parameters));
            PointSet training = drawn.Split.Training;

            // Shared by every trial that waits for this fit, so one trial's cancellation must not end it.
            IFittedPreprocessing Make() => preprocessing.Fit(training, (ulong)trial.Seed, CancellationToken.None);
            IFittedPreprocessing fitted = exchange is null || trial.Preprocessing.Kind == None.Kind.Name ? Make() : exchange.Get(TrialIdentity.Fit(trial), Make);
            var latents = new double[training.Values.Length];
            fitted.Forward(training.Values, latents);
            var narrow = new float[latents.Length];
            TensorPrimitives.ConvertTruncating<double, float>(latents, narrow);
            IReadOnlyList<string> warnings = fitted is FittedPreprocessing known ? known.Diagnostics.Warnings : [];
            double roundTrip = RoundTripError.Of(fitted, drawn.Split.Test, training);
            return new PreparedData
            {
                Drawn = drawn,
                Fitted = fitted,
                Latents = narrow,
                RoundTripError = roundTrip,
                Notes = [.. drawn.Dataset.Notes, .. Notes(warnings, roundTrip)],
            };
        }
        catch (PreprocessingException e)
        {
            throw new TrialFailedException($"preprocessing {trial.Preprocessing.Name} on {trial.Dataset.Name}: {e.Message}", e);
        }
    }
}
