namespace Sweep.Diffusion.Metrics;

/// <summary>How far a curve travels: the sum of |change| over its steps, in the curve's unit. A monotone curve travels the distance of its ends.</summary>
public static class TotalVariation
{
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
