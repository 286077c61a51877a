using System.Collections.Concurrent;
using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Kinds;
using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Networks.Reference;
using Sweep.Grains.Specs;

namespace Sweep.Silo;

/// <summary>
/// What a trial is estimated to cost, in floating-point operations: steers the order (longest first), the progress bar and the time left. <c>sweep check</c>
/// turns it into seconds with a rate measured on the machine.
/// </summary>
public static class TrialCost
{
    /// <summary>Forward, gradient by inputs, gradient by weights: 2 operations each per row and multiplication.</summary>
    private const double TrainingOperations = 6;

    private const double SamplingOperations = 2;

    /// <summary>Inverse preprocessing, log-densities and distances (diagnostics apart), in operations' worth per sample, reverse step and dimension.</summary>
    private const double EvaluationOperations = 6000;

    /// <summary>An exponential, in operations' worth.</summary>
    private const double Exponential = 20;

    /// <summary>Updates until a fitted mixture converges, about.</summary>
    private const double MixtureUpdates = 100;

    private static readonly ConcurrentDictionary<string, (int Dimensions, int Components)> FactsByDataset = new(StringComparer.Ordinal);

    /// <summary>Total estimate.</summary>
    public static double Estimate(TrialSpec trial) => Parts(trial).Total;

    /// <summary>The estimate by part.</summary>
    public static CostParts Parts(TrialSpec trial)
    {
        (double training, double row) = Denoiser(trial);
        double states = (double)trial.Sampling.Samples * (trial.Sampling.Steps + 1);
        DiagnosticCost diagnostics = DiagnosticCost.Of(trial, trial.Sampling.Steps);
        double diagnosing = (diagnostics.ModelRows * row) + diagnostics.References.Sum(r => Denoiser(r.Trial) is var (make, one) ? make + (r.Rows * one) : 0);
        return new CostParts(training, row * states, EvaluationOperations * Facts(trial).Dimensions * states, diagnosing);
    }

    /// <summary>Making the trial's denoiser, and denoising one row with it.</summary>
    internal static (double Make, double Row) Denoiser(TrialSpec trial)
    {
        (double d, double gaussians) = Facts(trial);
        double points = trial.Training.Points, fitted = trial.Network.Components ?? ReferenceKinds.DefaultComponents;
        double multiplications = Shape(trial).Multiplications;
        return trial.Network.Kind switch
        {
            ReferenceKinds.Exact => (0, gaussians * ((2 * d * d) + Exponential)),
            ReferenceKinds.Mixture => (MixtureUpdates * points * fitted * 4 * d * d, fitted * ((2 * d * d) + Exponential)),
            ReferenceKinds.Delta => (0, points * ((5 * d) + Exponential)),
            ReferenceKinds.Gaussian => (points * d * d, 4 * d * d),
            ReferenceKinds.Identity => (points * d * d, 4 * d),
            _ => (TrainingOperations * multiplications * trial.Training.Batch * trial.Training.Steps, SamplingOperations * multiplications),
        };
    }

    /// <summary>The network's shape; creates the dataset once to learn its dimensions.</summary>
    public static NetworkShape Shape(TrialSpec trial) => NetworkKinds.Create(
        NetworkKinds.Has(trial.Network.Kind) ? trial.Network.Kind : NetworkKinds.Mlp,
        Facts(trial).Dimensions,
        trial.Network.TimeFeatures,
        trial.Network.Width,
        trial.Network.HiddenLayers,
        Enum.Parse<Activation>(trial.Network.Activation, ignoreCase: true));

    /// <summary>Of a dataset: its dimensions, and the Gaussians that its density is made of, 0 when it isn't.</summary>
    private static (int Dimensions, int Components) Facts(TrialSpec trial) => FactsByDataset.GetOrAdd(
        $"{trial.Dataset.Kind}{trial.Dataset.Parameters.ToJsonString()}",
        _ =>
        {
            IDataset dataset = DatasetKinds.Registry.Create(trial.Dataset.Kind, new ParameterValues(trial.Dataset.Parameters));
            return (dataset.Dimensions, LatentMixture.Components(dataset.Density) ?? 0);
        });
}
