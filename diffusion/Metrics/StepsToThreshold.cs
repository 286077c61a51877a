namespace Sweep.Diffusion.Metrics;

/// <summary>How soon a log-likelihood curve arrives at the floor and stays.</summary>
public static class StepsToThreshold
{
    public const double DefaultThresholdNats = 1;

    /// <summary>The first index k such that |floor - curve[i]| is at most the threshold for every i from k on; null when there is none.</summary>
    /// <param name="curve">By reverse step, in nats; step 0 is the initial noise. A value that is not finite is outside any threshold.</param>
    /// <param name="floorNats">The mean log-density of fresh true samples.</param>
    /// <param name="thresholdNats">0 or greater.</param>
    public static int? Of(ReadOnlySpan<double> curve, double floorNats, double thresholdNats = DefaultThresholdNats)
    {
        if (!(thresholdNats >= 0))
            throw new ArgumentOutOfRangeException(nameof(thresholdNats), thresholdNats, "allowed: 0 or greater");
        int first = curve.Length;
        while (first > 0 && double.IsFinite(curve[first - 1]) && Math.Abs(floorNats - curve[first - 1]) <= thresholdNats)
            first--;
        return first == curve.Length ? null : first;
    }
}
