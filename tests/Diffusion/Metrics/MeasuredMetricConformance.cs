using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Metrics;
using Sweep.Grains.Comparison;
using Sweep.Grains.Coordination;
using Sweep.Tests.Diffusion.Datasets;
using Xunit;

namespace Sweep.Tests.Diffusion.Metrics;

/// <summary>What IMeasuredMetric promises, for any implementation.</summary>
public abstract class MeasuredMetricConformance(IMeasuredMetric metric) : MetricConformance(metric)
{
    private const int Count = 2000;

    /// <summary>One dimension, a known density, known modes.</summary>
    private static readonly IDataset Line = DatasetUnderTest.Create("gmm-product", """{"dimensions": 1}""");

    private static readonly MetricTruth Truth = new(Line, Line.Draw(new SplitSizes(2, 1, Count, Count), 3));

    private readonly IMeasuredMetric metric = metric;

    /// <summary>True samples, at the truth level after a straight and short way, for little.</summary>
    private static MetricSubject Good => Subject(DatasetUnderTest.Sample(Line, Count, 8), Level - 0.001);

    /// <summary>Nothing is as good: samples spread out and shifted, a longer way that ends farther off, at twice the price.</summary>
    private static MetricSubject Worse => Subject([.. DatasetUnderTest.Sample(Line, Count, 8).Select(x => (3 * x) + 20)], Level - 2, 4);

    private static double Level => Truth.Level(LogLikelihood.Key)!.Value;

    [Fact]
    public void Measure_WhenEverythingIsWorse_HasLessMerit()
    {
        double good = Merit(metric.Measure(Good)), worse = Merit(metric.Measure(Worse));
        Assert.True(worse < good, $"{worse} against {good}");
    }

    [Fact]
    public void TruthLevel_WhereItHasOne_IsWhatTrueSamplesScore()
    {
        double? level = metric.TruthLevel(Truth);
        Assert.Equal(level, Truth.Level(metric.Name));
        if (level is null)
            return;
        double apart = Math.Abs(metric.Measure(Good).Value!.Value - level.Value), worse = Math.Abs(metric.Measure(Worse).Value!.Value - level.Value);
        Assert.InRange(apart, 0, worse / 5);
    }

    [Fact]
    public void Measure_Always_LiesWithinItsRange() =>
        Assert.All([Good, Worse], s => Assert.InRange(metric.Measure(s).Value!.Value, metric.Least, metric.Most));

    [Fact]
    public void Measure_WhenNothingIsFinite_SaysWhyOrHasAValue()
    {
        foreach (double bad in new[] { double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.MaxValue })
        {
            Measurement measured = metric.Measure(Subject([.. Enumerable.Repeat(bad, Count)], bad, nonFinite: Count));
            Assert.Equal(measured.Value is null, measured.Reason is { Length: > 0 });
            Assert.True(measured.Value is null || double.IsFinite(measured.Value.Value));
        }
    }

    [Fact]
    public void Measure_WhenRunTwice_GivesTheSameBitsAndChangesNothing()
    {
        MetricSubject subject = Good;
        double[] samples = [.. subject.Samples.Values], curve = [.. subject.LogLikelihood];
        Assert.Equal(metric.Measure(subject), metric.Measure(subject));
        Assert.Equal(metric.Measure(subject), metric.Measure(Good));
        Assert.Equal(samples, subject.Samples.Values);
        Assert.Equal(curve, subject.LogLikelihood);
    }

    [Fact]
    public void Level_WhenTheDatasetLacksWhatItNeeds_IsNull()
    {
        IDataset moons = DatasetUnderTest.Create("moons");
        var truth = new MetricTruth(moons, moons.Draw(new SplitSizes(2, 1, 50, 50), 3));
        Assert.Equal(metric.Needs.Lacking(moons) == MetricNeeds.Nothing ? metric.TruthLevel(truth) : null, truth.Level(metric.Name));
    }

    private double Merit(Measurement measured) => MetricMerit.Of(metric.Name, new MetricValue(measured.Value, Truth.Level(metric.Name), measured.Reason))
        ?? throw new InvalidOperationException($"{metric.Name} has no value: {measured.Reason}");

    /// <summary>
    /// A curve from 10 nats below its end, which it nears from above by as much as <paramref name="times"/> is more than 1; costs in proportion.
    /// </summary>
    private static MetricSubject Subject(double[] samples, double end, int times = 1, int nonFinite = 0) => new()
    {
        Truth = Truth,
        Samples = new PointSet(samples, 1),
        LogLikelihood = [end - 10, end + times - 1, end - (times - 1), .. Enumerable.Repeat(end, times)],
        NonFinite = nonFinite,
        ThresholdNats = 2.5,
        Evaluations = 100 * times,
        RoundTripError = double.IsFinite(end) ? 1e-9 * times : end,
        FitIterations = 30 * times,
        Training = TimeSpan.FromSeconds(times),
        Sampling = TimeSpan.FromSeconds(2 * times),
    };
}
