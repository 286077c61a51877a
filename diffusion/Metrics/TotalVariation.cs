namespace Sweep.Diffusion.Metrics;

/// <summary>How far the log-likelihood curve travels: the sum of |change| over the reverse steps. A monotone curve travels the distance of its ends.</summary>
public sealed class TotalVariation : IMeasuredMetric
{
    public const string Key = "log_likelihood_total_variation";

    public string Name => Key;

    public string Label => "Total variation";

    public string Unit => "nats";

    public MetricBetter Better => MetricBetter.Lower;

    public MetricNeeds Needs => MetricNeeds.Density;

    public double Least => 0;

    public string Explanation =>
        "Of the log-likelihood curve: the sum of its absolute changes over the reverse steps: small when the way to the end is short and smooth.";

    public Measurement Measure(MetricSubject subject) => Measurement.Of(Of(subject.LogLikelihood), "a step's log-likelihood is not finite");

    /// <param name="curve">Values by step.</param>
    /// <returns>0 for fewer than two values; NaN when any value is not finite.</returns>
    public static double Of(ReadOnlySpan<double> curve)
    {
        if (!MetricRows.AllFinite(curve))
            return double.NaN;
        double sum = 0;
        for (int i = 1; i < curve.Length; i++)
            sum += Math.Abs(curve[i] - curve[i - 1]);
        return sum;
    }
}
