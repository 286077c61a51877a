using Sweep.Grains.Comparison.Report;
using Sweep.Grains.Comparison.Statistics;
using Sweep.Grains.Coordination;
using Sweep.Grains.Orleans.Aggregation;
using Sweep.Grains.Orleans.Wire;
using Sweep.Grains.Specs;
using Xunit;

namespace Sweep.Tests.Orleans;

public sealed class SweepAggregateTests
{
    private static readonly SweepSpec Spec = ClusterSpec.Spec();
    private static readonly TrialSpec[] Trials = ClusterSpec.Trials(Spec);

    /// <summary>All but two, in an order that is nobody's.</summary>
    private static int[] Completed => [.. Enumerable.Range(0, Trials.Length).Where(o => o is not (7 or 40)).OrderBy(o => o * 7919 % 101)];

    [Fact]
    public void Compare_WhateverTheOrder_SaysWhatTheReportSays()
    {
        SweepAggregate aggregate = Aggregate();
        (IReadOnlyList<ComparisonSection> live, FamilySection family) = SweepAggregate.Compare(Spec, aggregate.Snapshot(), []);
        ReportDocument report = Report();
        Assert.Equal(report.Comparisons.Select(Words), live.Select(Words));
        Assert.Equal(System.Text.Json.JsonSerializer.Serialize(report.Family), System.Text.Json.JsonSerializer.Serialize(family));
        Assert.Contains(live, c => c.Verdict == "b");
        Assert.Contains(live, c => c.AveragedOver.Count > 0);
        Assert.Contains(live, c => c.Seeds == 2);
    }

    /// <summary>Trials that tune are counted, so that nobody asks for them again, and are in no group.</summary>
    [Fact]
    public void Add_OfATrialThatTunes_ComparesNothingWithIt()
    {
        (SweepSpec spec, TrialSpec[] trials) = Sweep.Tests.Grains.Coordination.Samples.Real(
            more: "tune: {over: {training.learning_rate: {from: 1e-4, to: 1e-1, scale: log}}, trials: 2, seeds: [9]}\n");
        SweepAggregate aggregate = new(spec);
        Assert.True(aggregate.IsProvisional);
        Assert.Equal((4, 16), (aggregate.Groups, trials.Length));
        for (int ordinal = 8; ordinal < 16; ordinal++)
        {
            Assert.False(aggregate.Has(ordinal));
            aggregate.Add(ordinal, Sweep.Tests.Grains.Coordination.Samples.Result());
            aggregate.Add(ordinal, Sweep.Tests.Grains.Coordination.Samples.Result());
            Assert.True(aggregate.Has(ordinal));
        }

        Assert.Equal((8, 0), (aggregate.Count, aggregate.Snapshot().Length));
        Assert.All(Enumerable.Range(0, 4), g => Assert.Equal(0, aggregate.Group(g).Seeds));
        Assert.Throws<ArgumentOutOfRangeException>(() => aggregate.Add(16, Sweep.Tests.Grains.Coordination.Samples.Result()));
    }

    [Fact]
    public void Group_WhateverTheOrder_AgreesWithTheReport()
    {
        SweepAggregate aggregate = Aggregate();
        ReportDocument report = Report();
        Assert.Equal(report.Groups.Count, Enumerable.Range(0, aggregate.Groups).Count(g => aggregate.Group(g).Seeds > 0));
        for (int g = 0; g < aggregate.Groups; g++)
        {
            GroupSection section = report.Groups[g];
            MetricSummary summary = section.Metrics["log_likelihood"];
            MeanInterval interval = aggregate.Group(g).Headline.Interval!;
            Assert.Equal(summary.Mean!.Value, interval.Mean, Tolerances.Rounding);
            Assert.Equal(summary.CiLow!.Value, interval.Low!.Value, Tolerances.RunningMoments);
            Assert.Equal(summary.CiHigh!.Value, interval.High!.Value, Tolerances.RunningMoments);
            Assert.Equal(section.Curves["log_likelihood"].Mean, aggregate.Group(g).LogLikelihood.Select(m => (float?)m.Mean));
        }
    }

    [Fact]
    public void Difference_WhateverTheOrder_AgreesWithTheReportsFullGroups()
    {
        SweepAggregate aggregate = Aggregate();
        ComparisonSection[] full = [.. Report().Comparisons.Where(c => c.Metric == "log_likelihood" && c.AveragedOver.Count == 0)];
        int compared = 0;
        for (int g = 0; g < aggregate.Groups; g++)
        {
            TrialSpec first = aggregate.First(g);
            RunningMoments difference = aggregate.Group(g).Difference;
            string value = first.Preprocessing.Name;
            if (value == "standardize")
            {
                Assert.Equal(0, difference.Count);
                continue;
            }

            ComparisonSection section =
                Assert.Single(full, c => c.B == value && c.Where.All(w => System.Text.Json.Nodes.JsonNode.DeepEquals(w.Value, first.Axes[w.Key])));
            Assert.Equal(section.Seeds, difference.Count);
            Assert.Equal(section.Difference.Mean!.Value, difference.Mean, Tolerances.Rounding);
            Assert.Equal(section.Difference.CiLow!.Value, difference.Interval!.Low!.Value, Tolerances.RunningMoments);
            compared++;
        }

        Assert.Equal(full.Length, compared);
    }

    [Fact]
    public void Add_WhenTheTrialIsInAlready_ChangesNothing()
    {
        SweepAggregate aggregate = new(Spec);
        aggregate.Add(3, ClusterSpec.Result(3));
        aggregate.Add(3, ClusterSpec.Result(4));
        Assert.Equal((1, 1), (aggregate.Count, aggregate.Group(1).Seeds));
        Assert.Throws<ArgumentOutOfRangeException>(() => aggregate.Add(Trials.Length, ClusterSpec.Result(0)));
    }

    private static SweepAggregate Aggregate()
    {
        SweepAggregate aggregate = new(Spec);
        foreach (int ordinal in Completed)
            aggregate.Add(ordinal, ClusterSpec.Result(ordinal));
        return aggregate;
    }

    private static ReportDocument Report() => ReportBuilder.Build(new ReportInput
    {
        Spec = Spec,
        Completed = [.. Completed.Select(o => new CompletedTrial(Trials[o], ClusterSpec.Result(o)))],
        Environment = new ReportEnvironment { SweepVersion = "1", Dotnet = "10", Os = "os", Cpu = "cpu", Cores = 1, VectorWidth = 256 },
        Generated = DateTimeOffset.UnixEpoch,
    });

    /// <summary>Bit for bit: records hold lists, which compare by reference.</summary>
    [Fact]
    public void WireComparison_OfASweepThatWasExtendedAfterALook_KeepsWhatTheLookChanged()
    {
        ComparisonSection section = Report().Comparisons[0] with { PSequential = 0.04, Look = 2, Withdrawn = true };
        Assert.Equal(Words(section), Words(WireComparison.Of(section).ToSection()));
    }

    internal static string Words(ComparisonSection section) => System.Text.Json.JsonSerializer.Serialize(section);
}
