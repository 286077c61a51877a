using Xunit;

namespace Sweep.Tests.Diffusion.Datasets;

/// <summary>The recipes that have no density to test against: their shapes.</summary>
public sealed class ShapeTests
{
    private const int Count = 4000;

    [Fact]
    public void Draw_OfMoonsWithoutNoise_LiesOnTwoHalfCircles()
    {
        (double X, double Y)[] points = Points("moons", """{"noise": 0}""");
        bool[] upper =
            [.. points.Select(p => Math.Abs(double.Hypot(p.X + 0.5, p.Y + 0.25) - 1) < Tolerances.RecipeGeometry && p.Y >= -0.25 - Tolerances.RecipeGeometry)];
        bool[] lower =
            [.. points.Select(p => Math.Abs(double.Hypot(p.X - 0.5, p.Y - 0.25) - 1) < Tolerances.RecipeGeometry && p.Y <= 0.25 + Tolerances.RecipeGeometry)];

        Assert.All(upper.Zip(lower), pair => Assert.True(pair.First || pair.Second));
        AssertShare(0.5, upper);
        AssertCentred(points, 0, 0);
    }

    [Fact]
    public void Draw_OfSpiralsWithoutNoise_LiesOnTheArmsEvenlyOverTheDisc()
    {
        (double X, double Y)[] points = Points("spirals", """{"noise": 0, "arms": 3, "turns": 2}""");
        foreach ((double x, double y) in points)
        {
            double arm = 3 * ((Math.Atan2(y, x) / (2 * Math.PI)) - (2 * double.Hypot(x, y)));
            Assert.Equal(Math.Round(arm), arm, Tolerances.RecipeGeometry);
        }

        AssertShare(0.25, [.. points.Select(p => double.Hypot(p.X, p.Y) < 0.5)]);
    }

    [Fact]
    public void Draw_OfSwissRollWithoutNoise_LiesOnTheRoll()
    {
        double[] points = DatasetUnderTest.Sample(DatasetUnderTest.Create("swiss-roll", """{"noise": 0, "dimensions": 3}"""), Count);
        for (int i = 0; i < points.Length; i += 3)
        {
            double t = 10 * double.Hypot(points[i], points[i + 2]);
            Assert.InRange(t, 1.5 * Math.PI, 4.5 * Math.PI);
            Assert.Equal(t * Math.Cos(t) / 10, points[i], Tolerances.RecipeGeometry);
            Assert.Equal(t * Math.Sin(t) / 10, points[i + 2], Tolerances.RecipeGeometry);
            Assert.InRange(points[i + 1], -1, 1);
        }

        AssertShare(0.5, [.. Enumerable.Range(0, Count).Select(i => double.Hypot(points[3 * i], points[(3 * i) + 2]) < 0.3 * Math.PI)]);
    }

    [Fact]
    public void Draw_OfPinwheel_UntwistsIntoItsBlades()
    {
        (double X, double Y)[] points = Points("pinwheel", """{"tangential_std": 1e-13, "radial_std": 0.1}""");
        bool[] first = [.. points.Select(p =>
        {
            // Across a blade there is next to nothing, so the radius is the place along it, ten deviations from the centre.
            double blade = 5 * (Math.Atan2(p.Y, p.X) - (0.25 * Math.Exp(double.Hypot(p.X, p.Y)))) / (2 * Math.PI);
            Assert.Equal(Math.Round(blade), blade, Tolerances.RecipeGeometry);
            return Math.Round(blade) % 5 == 0;
        })];

        AssertShare(0.2, first);
        double[] radii = [.. points.Select(p => double.Hypot(p.X, p.Y))];
        Assert.Equal(1, radii.Average(), 5 * 0.1 / Math.Sqrt(Count));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(5)]
    public void Draw_OfCheckerboard_FillsTheBlackSquaresEvenlyAndNoOther(int side)
    {
        (double X, double Y)[] points = Points("checkerboard", $$"""{"side": {{side}}, "half_width": 2}""");
        (int Column, int Row)[] squares = [.. points.Select(p => ((int)Math.Floor((p.X + 2) * side / 4), (int)Math.Floor((p.Y + 2) * side / 4)))];

        Assert.All(squares, s => Assert.Equal(0, (s.Column + s.Row) % 2));
        Assert.All(squares, s => Assert.InRange(Math.Max(s.Column, s.Row), 0, side - 1));
        int black = ((side * side) + 1) / 2;
        Assert.Equal(black, squares.Distinct().Count());
        foreach ((int Column, int Row) square in squares.Distinct())
            AssertShare(1.0 / black, [.. squares.Select(s => s == square)]);
    }

    private static (double X, double Y)[] Points(string kind, string parameters)
    {
        double[] values = DatasetUnderTest.Sample(DatasetUnderTest.Create(kind, parameters), Count);
        return [.. Enumerable.Range(0, Count).Select(i => (values[2 * i], values[(2 * i) + 1]))];
    }

    /// <summary>Within five standard errors, and the seed is fixed.</summary>
    private static void AssertShare(double expected, bool[] hits) =>
        Assert.Equal(expected, hits.Average(h => h ? 1.0 : 0), (5 * Math.Sqrt(expected * (1 - expected) / hits.Length)) + Tolerances.RecipeGeometry);

    private static void AssertCentred((double X, double Y)[] points, double x, double y)
    {
        Assert.Equal(x, points.Average(p => p.X), 5 / Math.Sqrt(Count));
        Assert.Equal(y, points.Average(p => p.Y), 5 / Math.Sqrt(Count));
    }
}
