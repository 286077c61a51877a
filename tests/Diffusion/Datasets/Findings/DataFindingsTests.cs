using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Datasets.Findings;
using Sweep.Diffusion.Samplers;
using Xunit;

namespace Sweep.Tests.Diffusion.Datasets.Findings;

public sealed class DataFindingsTests
{
    private const int Rows = 200;

    [Fact]
    public void Of_OrdinaryColumns_FindsNothing()
    {
        Assert.Empty(Of(("a", Normal(1)), ("b", Normal(2)), ("c", i => Math.Exp(Normal(3)(i)))));

        // Rounded to three decimals, and correlated as good as any measurement: still data.
        Assert.Empty(Of(("a", i => Math.Round(Normal(1)(i), 3)), ("b", i => Normal(1)(i) + (1e-4 * Normal(2)(i)))));
    }

    [Fact]
    public void Of_AConstant_NamesItWithItsValue() =>
        AssertFound(DataFindingKind.Constant, "column batch_no (7) is constant", ("height", Normal(1)), ("batch_no", _ => 7));

    [Fact]
    public void Of_SeveralConstants_GroupsThem() =>
        AssertFound(DataFindingKind.Constant, "columns a (0), b (1) are constant", ("a", _ => 0), ("b", _ => 1), ("c", Normal(1)));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Of_AnIndex_SaysThatItNumbersTheRows(int first) =>
        AssertFound(DataFindingKind.RowNumbers, "column id numbers the rows", ("id", i => i + first), ("x", Normal(1)));

    [Fact]
    public void Of_AnIndexOfShuffledOrDroppedRows_StillDoes()
    {
        AssertFound(DataFindingKind.RowNumbers, "column id numbers the rows", ("id", i => (i * 77) % Rows), ("x", Normal(1)));
        Assert.Equal(DataFindingKind.RowNumbers, Assert.Single(DataFindings.Of(Points(("id", i => i < 100 ? i : i + 3), ("x", Normal(1))), missing: 3)).Kind);
        AssertFound(DataFindingKind.Lattice, "column year (in steps of 1) lies on a lattice", ("year", i => 1800 + i), ("x", Normal(1)));
    }

    [Fact]
    public void Of_AFlag_CallsItCategories() =>
        AssertFound(DataFindingKind.Categories, "column flag (0, 1) takes few values", ("flag", i => Normal(9)(i) > 0 ? 1 : 0), ("x", Normal(1)));

    [Fact]
    public void Of_CoarseValues_FindsTheirStep()
    {
        AssertFound(
            DataFindingKind.Lattice, "column shoe (in steps of 0.5) lies on a lattice", ("shoe", i => Math.Round(6 * Normal(4)(i)) / 2), ("x", Normal(1)));
        Assert.Empty(Of(("cents", i => Math.Round(Normal(4)(i) * 5000) / 100), ("x", Normal(1))));
    }

    [Fact]
    public void Of_AValueThatKeepsComing_SaysHowOften() =>
        AssertFound(
            DataFindingKind.Ties,
            "column rain (0 in 50 % of the rows) repeats one value",
            ("rain", i => i % 2 == 0 ? 0 : Math.Abs(Normal(4)(i))),
            ("x", Normal(1)));

    [Theory]
    [InlineData(-999)]
    [InlineData(9999)]
    [InlineData(-99.99)]
    public void Of_ANumberThatStandsForMissingValues_SaysSo(double code) =>
        AssertFound(
            DataFindingKind.MissingCode, string.Create(System.Globalization.CultureInfo.InvariantCulture,
                $"column t ({code}) holds a number far from all others, as is written for missing values"),
            ("t", i => i % 50 == 3 ? code : 20 + Normal(4)(i)), ("x", Normal(1)));

    [Fact]
    public void Of_ANumberOfNinesAmongOthers_FindsNothing() => Assert.Empty(Of(("t", i => i == 3 ? 999 : 900 + (100 * Normal(4)(i))), ("x", Normal(1))));

    [Fact]
    public void Of_ASumOfColumns_SaysWhatItFollowsFrom() =>
        AssertFound(
            DataFindingKind.Dependent, "column total follows linearly from a, c",
            ("a", Normal(1)), ("b", Normal(2)), ("c", Normal(3)), ("total", i => (2 * Normal(1)(i)) - (5 * Normal(3)(i)) + 4));

    /// <summary>A sentinel in two columns: correlated at all but 1e-20, by one row alone.</summary>
    [Fact]
    public void Of_AnOutlierThatAlignsColumns_NamesItsRow() =>
        AssertFound(
            DataFindingKind.Outlier, "columns b, a are collinear only because of a row far off, such as the one with b 1e+09, a 1e+09",
            ("a", i => i == 17 ? 1e9 : Normal(1)(i)), ("b", i => i == 17 ? 1e9 : Normal(2)(i)), ("c", Normal(3)));

    [Fact]
    public void RarelyVarying_OfColumnsThatVaryInAFewRows_FindsThem() =>
        Assert.Equal([1], DataFindings.RarelyVarying(Points(("x", Normal(1)), ("rare", i => i < 3 ? i + 1 : 0), ("constant", _ => 5))));

    [Fact]
    public void Of_MorePointsThanAreLookedAt_IsExactAboutConstants()
    {
        const int Many = 50_000;
        var points = new PointSet([.. Enumerable.Range(0, Many).SelectMany(i => new[] { i == Many - 2 ? 1.0 : 0, Math.Sin(i) })], 2);

        Assert.DoesNotContain(DataFindings.Of(points), f => f.Kind == DataFindingKind.Constant);
        Assert.Equal([0], DataFindings.RarelyVarying(points));
    }

    private static void AssertFound(DataFindingKind kind, string text, params (string Name, Func<int, double> Value)[] columns)
    {
        DataFinding found = Assert.Single(Of(columns), f => f.Kind == kind);

        Assert.Equal(text, found.Text);
        Assert.All(Of(columns), f => Assert.True(f.Kind == kind || f.Kind == DataFindingKind.Lattice, f.Text));
    }

    private static IReadOnlyList<DataFinding> Of(params (string Name, Func<int, double> Value)[] columns) => DataFindings.Of(Points(columns));

    private static PointSet Points(params (string Name, Func<int, double> Value)[] columns) =>
        new([.. Enumerable.Range(0, Rows).SelectMany(i => columns.Select(c => c.Value(i)))], columns.Length) { ColumnNames = [.. columns.Select(c => c.Name)] };

    /// <summary>A fixed draw.</summary>
    private static Func<int, double> Normal(ulong seed)
    {
        double[] values = new PhiloxNoise(seed).Initial(Rows, 1, 1);
        return i => values[i];
    }
}
