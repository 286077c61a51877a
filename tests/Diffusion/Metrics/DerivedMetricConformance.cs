using Sweep.Diffusion.Metrics;
using Sweep.Grains.Comparison;
using Xunit;

namespace Sweep.Tests.Diffusion.Metrics;

/// <summary>What IDerivedMetric promises, for any implementation.</summary>
public abstract class DerivedMetricConformance(IDerivedMetric metric) : MetricConformance(metric)
{
    private readonly IDerivedMetric metric = metric;

    [Fact]
    public void Read_WhenWhatItIsReadFromIsStored_IsANumberWithinItsRange()
    {
        Measurement read = metric.Read(new Stored(metric))!.Value;
        Assert.InRange(read.Value!.Value, metric.Least, metric.Most);
        Assert.Equal(read, metric.Read(new Stored(metric)));
    }

    /// <summary>It reads what it says, and nothing else: live views fetch that alone.</summary>
    [Fact]
    public void Read_WhenAnyOfItIsMissing_IsNull()
    {
        Assert.NotEmpty(metric.Metrics);
        Assert.All(metric.Metrics, name => Assert.Null(metric.Read(new Stored(metric) { Without = name })));
        Assert.Equal(metric.Metrics, MetricReader.Metrics(metric.Name));
        Assert.Empty(MetricReader.Curves(metric.Name));
    }

    [Fact]
    public void Read_WhenAMetricHasNoValue_SaysWhy() =>
        Assert.All(metric.Metrics,
            name => Assert.Equal("3 samples lost", metric.Read(new Stored(metric) { Without = name, Reason = "3 samples lost" })!.Value.Reason));

    private sealed class Stored(IDerivedMetric metric) : IStoredTrial
    {
        public string? Without { get; init; }

        public string? Reason { get; init; }

        public Measurement? Metric(string name) => !metric.Metrics.Contains(name) ? null
            : name != Without ? Measurement.Of(-1.5)
            : Reason is { } reason ? Measurement.None(reason)
            : null;

        public double? TruthLevel(string name) => -1;
    }
}
