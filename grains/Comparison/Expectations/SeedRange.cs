using Sweep.Grains.Comparison.Statistics;

namespace Sweep.Grains.Comparison.Expectations;

/// <summary>
/// Where the mean over seeds of a quantity lies: its Student t interval. A seed that never gets there has no number, only a bound; with such seeds the range takes in every
/// seed's own value, infinite for never, and the interval with never counted as the least that it can be (one step beyond the last).
/// </summary>
/// <param name="Mean">Null where a seed is infinite.</param>
/// <param name="Low">Perhaps negative infinity.</param>
/// <param name="High">Perhaps positive infinity.</param>
internal readonly record struct SeedRange(double? Mean, double Low, double High)
{
    /// <param name="values">(seeds), at least 2; infinite for never.</param>
    /// <param name="least">(seeds), the same with the least stand-in for never; finite.</param>
    /// <param name="alpha">Of the interval.</param>
    public static SeedRange Of(double[] values, double[] least, double alpha)
    {
        MeanInterval interval = MeanInterval.Of(least, alpha);
        return Array.TrueForAll(values, double.IsFinite)
            ? new SeedRange(interval.Mean, interval.Low!.Value, interval.High!.Value)
            : new SeedRange(null, Math.Min(interval.Low!.Value, values.Min()), Math.Max(interval.High!.Value, values.Max()));
    }
}
