using Sweep.Grains.Specs;
using Xunit;

namespace Sweep.Tests.Grains.Specs;

/// <summary>Which points a search has.</summary>
public sealed class SearchPointsTests
{
    private static AxisRange Real(double from, double to, string scale = AxisRange.Linear) => new(from, to, scale, Integer: false);

    private static AxisRange Counted(double from, double to, string scale = AxisRange.Linear, int multiple = 1) =>
        new(from, to, scale, Integer: true) { IsCounted = true, MultipleOf = multiple };

    private static SearchSpec Search(int groups, string method = SearchSpec.Sobol, long seed = 5) => new() { Method = method, Groups = groups, Seed = seed };

    /// <summary>Every first 2^k points have one in each of 2^k intervals of a range, on its own scale, and so have their values.</summary>
    [Theory]
    [InlineData(AxisRange.Linear)]
    [InlineData(AxisRange.Log)]
    [InlineData(AxisRange.Log2)]
    public void Of_OfASobolSequence_HasOneValueInEachIntervalOfTheScale(string scale)
    {
        AxisRange range = Real(0.01, 100, scale);
        SearchPoints points = SearchPoints.Of([new SearchAxis(1, null), new SearchAxis(0, range), new SearchAxis(0, Real(0, 1))], Search(64));
        double low = range.Coordinate(range.From), span = range.Coordinate(range.To) - low;
        double[] shares = [.. points.Values[1]!.Select(v => (range.Coordinate(v.GetValue<double>()) - low) / span)];
        Assert.Equal(Enumerable.Range(0, 64), shares.Select(s => (int)(s * 64)));
        Assert.Null(points.Values[0]);
        Assert.All(points.Places, p => Assert.Equal(0, p[0]));

        // And of both ranges together one in each elementary box.
        double[] other = [.. points.Values[2]!.Select(v => v.GetValue<double>())];
        Assert.Equal(64, points.Places.Select(p => ((int)(shares[p[1]] * 8), (int)(other[p[2]] * 8))).Distinct().Count());
    }

    /// <summary>Random points are uniform: Kolmogorov's distance of 4,096 of them is below what one in ten thousand sequences passes.</summary>
    [Fact]
    public void Of_OfRandomPoints_IsUniformOnTheScale()
    {
        const int Count = 4096;
        SearchPoints points = SearchPoints.Of([new SearchAxis(0, Real(1e-4, 1e-1, AxisRange.Log)), new SearchAxis(0, Real(-5, 7))],
            Search(Count, SearchSpec.Random));
        double[] log = [.. points.Values[0]!.Select(v => (Math.Log10(v.GetValue<double>()) + 4) / 3)];
        double[] linear = [.. points.Values[1]!.Select(v => (v.GetValue<double>() + 5) / 12)];
        foreach (double[] shares in new[] { log, linear })
            Assert.InRange(shares.Select((s, i) => Math.Abs(s - ((i + 0.5) / shares.Length))).Max() * Math.Sqrt(Count), 0.1, 2.23);
        double correlation = points.Places.Average(p => (log[p[0]] - 0.5) * (linear[p[1]] - 0.5)) * 12;
        Assert.InRange(correlation * Math.Sqrt(Count), -4, 4);
    }

    [Fact]
    public void At_OfWholeNumbersOnALinearScale_GivesEachTheSameShare()
    {
        AxisRange range = Counted(4, 12, multiple: 2);
        long[] values = [.. Enumerable.Range(0, 500).Select(i => range.At((i + 0.5) / 500).GetValue<long>())];
        Assert.Equal([4L, 6, 8, 10, 12], values.Distinct());
        Assert.All(values.CountBy(v => v), v => Assert.Equal(100, v.Value));
    }

    [Fact]
    public void At_OfWholeNumbersOnALogarithmicScale_GivesEachWhatRoundsToIt()
    {
        AxisRange range = Counted(1, 64, AxisRange.Log2);
        long[] values = [.. Enumerable.Range(0, 100_000).Select(i => range.At((i + 0.5) / 100_000).GetValue<long>())];
        Assert.Equal(Enumerable.Range(1, 64).Select(v => (long)v), values.Distinct());
        double span = Math.Log(64.5 / 0.5);
        Assert.All(values.CountBy(v => v), v => Assert.Equal(Math.Log((v.Key + 0.5) / (v.Key - 0.5)) / span, v.Value / 1e5, 1e-4));
    }

    /// <summary>As many digits as the range needs, so that no processor's last bits make another trial; and never beyond the ends.</summary>
    [Theory]
    [InlineData(1e-4, 1e-1, AxisRange.Log, 0.5, "0.00316228")]
    [InlineData(1e-4, 1e-1, AxisRange.Log, 1 - 1e-12, "0.1")]
    [InlineData(1e-4, 1e-1, AxisRange.Log, 1e-12, "0.0001")]
    [InlineData(0, 1, AxisRange.Linear, 1.0 / 3, "0.333333")]
    [InlineData(1000, 1001, AxisRange.Linear, 1.0 / 3, "1000.333333")]
    [InlineData(-1, 1, AxisRange.Linear, 0.5, "0")]
    [InlineData(-20, 20, AxisRange.Linear, 0.25, "-10")]
    public void At_OfNumbers_WritesWhatTheRangeNeeds(double from, double to, string scale, double share, string written) =>
        Assert.Equal(written, Real(from, to, scale).At(share).ToJsonString());

    [Fact]
    public void Within_OfASearch_HasItsPointsAloneInTheirOrder()
    {
        int[][] points = [[2, 0], [0, 1], [1, 1]];
        SweepPlaces places = SweepPlaces.Search([3, 2], points);
        Assert.Equal((3L, false), (places.Count, places.IsGrid));
        Assert.Equal(points, places.All());
        Assert.Equal([[0, 1], [1, 1]], places.Within([[0, 1, 2], [1]]));
        Assert.Equal([0, 1, 2, null], new int[][] { [2, 0], [0, 1], [1, 1], [0, 0] }.Select(p => places.GroupOf(p)));
        Assert.Equal(points[1], places.At(1));
    }

    /// <summary>The numbers that stored trials of grids go by.</summary>
    [Fact]
    public void All_OfAGrid_CountsThroughTheAxesTheLastFastest()
    {
        SweepPlaces places = SweepPlaces.Grid([2, 1, 3]);
        int[][] all = [.. places.All()];
        Assert.Equal([[0, 0, 0], [0, 0, 1], [0, 0, 2], [1, 0, 0], [1, 0, 1], [1, 0, 2]], all);
        Assert.Equal(6, places.Count);
        Assert.Equal(Enumerable.Range(0, 6), all.Select(p => places.GroupOf(p)!.Value));
        Assert.Equal(all, Enumerable.Range(0, 6).Select(g => places.At(g)));
        Assert.Equal([[1, 0, 2], [1, 0, 0]], places.Within([[1], [0], [2, 0]]));
        Assert.Empty(places.Within([[1], [], [2]]));
    }

    [Fact]
    public void Of_WhenAListIsSearched_HasEachValueForItsShareOfThePoints()
    {
        SearchPoints points = SearchPoints.Of([new SearchAxis(4, null), new SearchAxis(0, Real(0, 1))], Search(64));
        Assert.All(points.Places.CountBy(p => p[0]), v => Assert.Equal(16, v.Value));
        Assert.Null(points.Values[0]);
    }
}
