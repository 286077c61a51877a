using Sweep.Diffusion.Datasets;

namespace Sweep.Diffusion.Metrics;

/// <summary>A trial that has sampled, as its metrics see it. What several of them need is worked out once. Not thread-safe.</summary>
public sealed class MetricSubject
{
    private readonly Lazy<ModeMetrics> _modes;
    private readonly Lazy<string?> _broken;

    public MetricSubject()
    {
        _modes = new(() => ModeMetrics.Of(Samples!.Values, Samples.Dimensions, Truth!.Dataset.Modes!), isThreadSafe: false);
        _broken = new(FindBroken, isThreadSafe: false);
    }

    /// <summary>The data's true side.</summary>
    public required MetricTruth Truth { get; init; }

    /// <summary>The final samples, in data space; coordinates need not be finite.</summary>
    public required PointSet Samples { get; init; }

    /// <summary>
    /// Mean true log-density after every reverse step, nats, index 0 the initial noise; NaN where a sample's is not finite. Empty where the density is not
    /// known.
    /// </summary>
    public required double[] LogLikelihood { get; init; }

    /// <summary>Final samples without a finite log-density.</summary>
    public required int NonFinite { get; init; }

    /// <summary>The distance from the truth level that counts as having reached it, nats.</summary>
    public required double ThresholdNats { get; init; }

    /// <summary>Denoiser evaluations per sample.</summary>
    public required int Evaluations { get; init; }

    /// <summary>How exactly the preprocessing is undone (<see cref="Metrics.RoundTripError"/>); NaN where test points are lost.</summary>
    public required double RoundTripError { get; init; }

    /// <summary>Iterations of FastICA that the preprocessing's fit made, all starts and layers together.</summary>
    public required int FitIterations { get; init; }

    public required TimeSpan Training { get; init; }

    public required TimeSpan Sampling { get; init; }

    /// <summary>The sums of the distances between the samples and the test points, and among the samples, where a device took them.</summary>
    public (double Cross, double Own)? DistanceSums { get; init; }

    /// <summary>Why there is no distance from the samples: some are not finite. Null when all are.</summary>
    public string? Broken => _broken.Value;

    /// <summary>Only of a dataset whose modes are known.</summary>
    public ModeMetrics Modes => _modes.Value;

    private string? FindBroken()
    {
        int broken = Samples.Values.Count(v => !double.IsFinite(v));
        return broken == 0 ? null : new NonFiniteSamples(broken, Samples.Values.Length).Reason;
    }
}
