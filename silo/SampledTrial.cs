using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Metrics;
using Sweep.Diffusion.Training.Cuda;
using Sweep.Grains.Specs;
using Sweep.Silo.Preparation;

namespace Sweep.Silo;

/// <summary>What reverse sampling left, in data space.</summary>
internal sealed record SampledTrial
{
    /// <summary>The final samples.</summary>
    public required PointSet Samples { get; init; }

    /// <summary>How the first of them came about.</summary>
    public required Trajectory Trajectory { get; init; }

    /// <summary>Mean log-density per reverse step, nats; empty where the density is not known; NaN where a sample was not finite.</summary>
    public required double[] LogLikelihood { get; init; }

    /// <summary>The same of x0-hat.</summary>
    public required double[] LogLikelihoodX0 { get; init; }

    /// <summary>Final samples without a finite log-density.</summary>
    public required int NonFinite { get; init; }

    /// <summary>The sums of the distances between the samples and the test points, and among the samples, where a device took them.</summary>
    public (double Cross, double Own)? DistanceSums { get; init; }

    /// <summary>Denoiser evaluations per sample.</summary>
    public required int Evaluations { get; init; }

    /// <summary>The trial as its metrics see it.</summary>
    /// <param name="trial">Whose these samples are.</param>
    /// <param name="data">The trial's.</param>
    /// <param name="training">Wall-clock.</param>
    /// <param name="sampling">Wall-clock.</param>
    /// <param name="device">Takes the sums of distances where it can and nothing has yet; null: they are taken here, as they are needed.</param>
    public MetricSubject Subject(TrialSpec trial, PreparedData data, TimeSpan training, TimeSpan sampling, IDeviceEvaluator? device) => new()
    {
        Truth = data.Drawn.Truth,
        Samples = Samples,
        LogLikelihood = LogLikelihood,
        NonFinite = NonFinite,
        ThresholdNats = trial.ThresholdNats,
        Evaluations = Evaluations,
        RoundTripError = data.RoundTripError,
        FitIterations = data.Fitted.Diagnostics.IcaStarts.Sum(s => s.Iterations),
        Training = training,
        Sampling = sampling,
        DistanceSums = DistanceSums ?? SumsBy(device, data.Drawn.Split.Test),
    };

    private (double Cross, double Own)? SumsBy(IDeviceEvaluator? device, PointSet test) =>
        device is not null && Samples.Values.All(double.IsFinite)
            && device.DistanceSum(Samples.Values, test.Values, Samples.Dimensions) is { } cross
                && device.DistanceSum(Samples.Values, Samples.Values, Samples.Dimensions) is { } own
            ? (cross, own)
            : null;
}
