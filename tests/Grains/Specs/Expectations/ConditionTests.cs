using Sweep.Grains.Specs.Expectations;
using Xunit;

namespace Sweep.Tests.Grains.Specs.Expectations;

public sealed class ConditionTests
{
    private const double Infinity = double.PositiveInfinity;

    [Theory]
    [InlineData("<= 20", 10, 20, true, false)]
    [InlineData("< 20", 10, 20, false, false)]
    [InlineData("<= 20", 20, 21, false, false)]
    [InlineData("< 20", 20, 21, false, true)]
    [InlineData("<= 20", 20.1, 21, false, true)]
    [InlineData("> 80", 101, Infinity, true, false)]
    [InlineData("<= 20", 101, Infinity, false, true)]
    [InlineData(">= 3", -Infinity, 2, false, true)]
    [InlineData("|x| <= 0.25", -0.25, 0.2, true, false)]
    [InlineData("|x| <= 0.25", -0.3, 0.2, false, false)]
    [InlineData("|x| <= 0.25", -0.5, -0.26, false, true)]
    [InlineData("|x| <= 0.25", 0.26, Infinity, false, true)]
    [InlineData("|x| >= 2", -3, -2, true, false)]
    [InlineData("|x| >= 2", -3, 3, false, false)]
    [InlineData("|x| > 2", -1.9, 2, false, true)]
    [InlineData("b <= 0.5 a", -1, 0, true, false)]
    [InlineData("b / a <= 0.3", 0.1, 0.2, false, true)]
    public void HoldsAndFails_WhenGivenARange_TakeAllOfIt(string condition, double low, double high, bool holds, bool fails)
    {
        Condition read = ConditionReader.Read(condition, out _)!;
        Assert.Equal((holds, fails), (read.HoldsThroughout(low, high), read.FailsThroughout(low, high)));
        Assert.Equal(holds, read.Margin(low, high) >= 0 && (condition.Contains('=', StringComparison.Ordinal) || read.Margin(low, high) > 0));
    }

    [Theory]
    [InlineData("<= 20", 0, 7, 7)]
    [InlineData("b < a", 3, 1, -2)]
    [InlineData("a < b", 3, 1, 2)]
    [InlineData("b <= 0.5 a", 3, 1, -0.5)]
    [InlineData("a <= 0.5 b", 3, 1, 2.5)]
    [InlineData("b / a <= 2", 3, 1, -5)]
    [InlineData("b < a", 3, Infinity, Infinity)]
    [InlineData("b < a", Infinity, 3, -Infinity)]
    [InlineData("b <= 0.5 a", Infinity, 3, -Infinity)]
    [InlineData("b <= 0 a", Infinity, 3, 3)]
    public void Of_WhenBothSidesAreThere_IsTheQuantityJudged(string condition, double a, double b, double value) =>
        Assert.Equal((value, null), ConditionReader.Read(condition, out _)!.Of(a, b));

    [Fact]
    public void Of_WhenItIsALogarithm_IsThatOfTheRatio()
    {
        Assert.Equal(Math.Log(3), ConditionReader.Read("ln(b / a) >= 1", out _)!.Of(2, 6).Value, Tolerances.Rounding);
        Assert.Equal(-Math.Log(3), ConditionReader.Read("ln(a / b) >= 1", out _)!.Of(2, 6).Value, Tolerances.Rounding);
    }

    [Theory]
    [InlineData("b / a <= 0.3", 0, 1, "a is not above 0, so the ratio says nothing")]
    [InlineData("a / b <= 0.3", 1, -1, "b is not above 0, so the ratio says nothing")]
    [InlineData("ln(b / a) <= 1", 1, -1, "a or b is not above 0, so the ratio has no logarithm")]
    [InlineData("b < a", Infinity, Infinity, "both sides are never")]
    public void Of_WhenItMeansNothing_SaysWhy(string condition, double a, double b, string problem) =>
        Assert.Equal(problem, ConditionReader.Read(condition, out _)!.Of(a, b).Problem);
}
