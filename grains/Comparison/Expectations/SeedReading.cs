using System.Globalization;
using Sweep.Grains.Coordination;

namespace Sweep.Grains.Comparison.Expectations;

/// <summary>A metric of one trial, as an expectation reads it.</summary>
/// <param name="Value">Infinite for never: beyond every number of steps.</param>
/// <param name="Least">The same, with never as the least that it can be.</param>
/// <param name="Problem">Why there is none.</param>
internal readonly record struct SeedReading(double Value, double Least, string? Problem)
{
    public static SeedReading Of(CompletedTrial trial, string metric, long seed)
    {
        MetricValue read = MetricReader.Read(trial.Trial, trial.Result, metric);
        if (read.Value is { } value)
            return new SeedReading(value, value, null);
        return string.Equals(read.Reason, MetricReader.Never, StringComparison.Ordinal)
            && MetricReader.LeastNever(trial.Trial, trial.Result, metric) is { } least
            ? new SeedReading(double.PositiveInfinity, least, null)
            : new SeedReading(double.NaN, double.NaN, string.Create(CultureInfo.InvariantCulture, $"{metric} has no value for seed {seed}: {read.Reason}"));
    }
}
