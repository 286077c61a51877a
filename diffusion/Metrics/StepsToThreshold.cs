namespace Sweep.Diffusion.Metrics;

/// <summary>How soon a log-likelihood curve arrives at the truth level and stays.</summary>
public sealed class StepsToThreshold : IMeasuredMetric
{
    public const string Key = "steps_to_threshold";

    public const double DefaultThresholdNats = 1;

    public string Name => Key;

    public string Label => "Steps to threshold";

    public string Unit => "reverse steps";

    public MetricBetter Better => MetricBetter.Lower;

    public MetricNeeds Needs => MetricNeeds.Density;

    public MetricSteps Counts => MetricSteps.ReverseSteps;

    public double Least => 0;

    public string Explanation => "The first reverse step from which the log-likelihood stays within the threshold of the truth level; never when it doesn't.";

    public Measurement Measure(MetricSubject subject) =>
        Measurement.Steps(Of(subject.LogLikelihood, subject.Truth.Level(LogLikelihood.Key)!.Value, subject.ThresholdNats));

    /// <summary>The first index k such that |truth level - curve[i]| is at most the threshold for every i from k on; null when there is none.</summary>
    /// <param name="curve">By reverse step, in nats; step 0 is the initial noise. A value that is not finite is outside any threshold.</param>
    /// <param name="truthLevelNats">The mean log-density of fresh true samples.</param>
    /// <param name="thresholdNats">0 or greater.</param>
    public static int? Of(ReadOnlySpan<double> curve, double truthLevelNats, double thresholdNats = DefaultThresholdNats)
    {
        if (!(thresholdNats >= 0))
            throw new ArgumentOutOfRangeException(nameof(thresholdNats), thresholdNats, "allowed: 0 or greater");
        int first = curve.Length;
        while (first > 0 && double.IsFinite(curve[first - 1]) && Math.Abs(truthLevelNats - curve[first - 1]) <= thresholdNats)
            first--;
        return first == curve.Length ? null : first;
    }
}
