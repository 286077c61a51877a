namespace Sweep.Diffusion.Metrics;

/// <summary>
/// Truth level minus log-likelihood, nats: what the samples lack. 0 is as good as the truth; above 0 they miss the distribution, below 0 they crowd its modes.
/// This is the one sign that a gap has, here and in every figure.
/// </summary>
public sealed class LogLikelihoodGap : IDerivedMetric
{
    public const string Key = "log_likelihood_gap";

    public string Name => Key;

    public string Label => "Gap to the truth level";

    public string Unit => "nats";

    public MetricBetter Better => MetricBetter.NearTruthLevel;

    public MetricNeeds Needs => MetricNeeds.Density;

    public string Explanation => "The truth level minus the log-likelihood: what the samples lack; 0 is as good as the truth, below 0 they crowd its modes.";

    public IReadOnlyList<string> Metrics { get; } = [LogLikelihood.Key];

    public double? TruthLevel => 0;

    public Measurement? Read(IStoredTrial trial) => trial.Metric(LogLikelihood.Key) switch
    {
        null => null,
        { Value: { } nats } => trial.TruthLevel(LogLikelihood.Key) is { } level ? Measurement.Of(level - nats) : Measurement.None("no truth level"),
        { Reason: var reason } => Measurement.None(reason!),
    };
}
