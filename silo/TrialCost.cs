using System.Collections.Concurrent;
using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Kinds;
using Sweep.Diffusion.Networks;
using Sweep.Grains.Specs;

namespace Sweep.Silo;

/// <summary>
/// What a trial is estimated to cost, in floating-point operations: steers the order (longest first), the progress bar and the time left. <c>sweep check</c> turns it
/// into seconds with a rate measured on the machine.
/// </summary>
public static class TrialCost
{
    /// <summary>Forward, gradient by inputs, gradient by weights: 2 operations each per row and parameter.</summary>
    private const double TrainingOperations = 6;

    private const double SamplingOperations = 2;

    /// <summary>Inverse preprocessing, log-densities and distances, in operations' worth per sample, reverse step and dimension.</summary>
    private const double EvaluationOperations = 6000;

    private static readonly ConcurrentDictionary<string, int> DimensionsByDataset = new(StringComparer.Ordinal);

    /// <summary>Total estimate.</summary>
    public static double Estimate(TrialSpec trial)
    {
        CostParts parts = Parts(trial);
        return parts.Training + parts.Sampling + parts.Evaluation;
    }

    /// <summary>The estimate by part.</summary>
    public static CostParts Parts(TrialSpec trial)
    {
        MlpShape shape = Shape(trial);
        double parameters = shape.ParameterCount;
        double states = (double)trial.Sampling.Samples * (trial.Sampling.Steps + 1);
        return new CostParts(
            TrainingOperations * parameters * trial.Training.Batch * trial.Training.Steps,
            SamplingOperations * parameters * states,
            EvaluationOperations * shape.Dimensions * states);
    }

    /// <summary>The network's shape; creates the dataset once to learn its dimensions.</summary>
    public static MlpShape Shape(TrialSpec trial) => new(
        DimensionsByDataset.GetOrAdd(
            $"{trial.Dataset.Kind}{trial.Dataset.Parameters.ToJsonString()}",
            _ => DatasetKinds.Registry.Create(trial.Dataset.Kind, new ParameterValues(trial.Dataset.Parameters)).Dimensions),
        trial.Network.TimeFeatures,
        trial.Network.Width,
        trial.Network.HiddenLayers,
        Enum.Parse<Activation>(trial.Network.Activation, ignoreCase: true));
}
