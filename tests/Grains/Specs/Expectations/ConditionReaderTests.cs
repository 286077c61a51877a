using FsCheck;
using FsCheck.Fluent;
using Sweep.Grains.Specs.Expectations;
using Xunit;

namespace Sweep.Tests.Grains.Specs.Expectations;

public sealed class ConditionReaderTests
{
    private static readonly Gen<Condition> Conditions =
        from quantity in Gen.Elements(Enum.GetValues<Quantity>())
        from relation in Gen.Elements(Enum.GetValues<Relation>())
        from swapped in Gen.Elements(true, false)
        from bars in Gen.Elements(true, false)
        from bound in Gen.OneOf(Gen.Choose(-1000, 1000).Select(n => n / 8.0), ArbMap.Default.GeneratorFor<double>().Where(double.IsFinite))
        let absolute = bars && quantity is not (Quantity.Multiple or Quantity.Ratio)
        select new Condition
        {
            Quantity = quantity,
            Relation = relation,
            // Minus zero is written as zero; in bars only a bound above 0 is one.
            Bound = absolute ? Math.Abs(bound) + 0.5 : bound == 0 ? 0 : bound,
            Swapped = swapped && quantity != Quantity.Value,
            Absolute = absolute,
        };

    [Fact]
    public void Read_WhenGivenWhatAConditionWrites_GivesItBack() =>
        Prop.ForAll(Conditions.ToArbitrary(), condition => Assert.Equal(condition, ConditionReader.Read(condition.ToString(), out _)))
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Read_WhenSpacesAreOthers_ReadsTheSame() =>
        Prop.ForAll(Conditions.ToArbitrary(), condition =>
            Assert.Equal(condition, ConditionReader.Read("  " + condition.ToString().Replace(" ", "", StringComparison.Ordinal) + "\t", out _)))
            .QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("<= 20", "<= 20")]
    [InlineData("x <= 20", "<= 20")]
    [InlineData("≤ 20", "<= 20")]
    [InlineData("> -8e1", "> -80")]
    [InlineData("|x| <= .25", "|x| <= 0.25")]
    [InlineData("b < a", "b < a")]
    [InlineData("a > b", "a > b")]
    [InlineData("b - a < 0", "b < a")]
    [InlineData("a-b>=1.5", "a - b >= 1.5")]
    [InlineData("|b - a| <= 0.001", "|b - a| <= 0.001")]
    [InlineData("b <= 0.5 a", "b <= 0.5 a")]
    [InlineData("b <= 0.5*a", "b <= 0.5 a")]
    [InlineData("b / a <= 0.3", "b / a <= 0.3")]
    [InlineData("ln(b / a) >= 0.1", "ln(b / a) >= 0.1")]
    [InlineData("|ln(a/b)| < 1", "|ln(a / b)| < 1")]
    public void Read_WhenItIsACondition_HasOneSpelling(string text, string written) => Assert.Equal(written, ConditionReader.Read(text, out _)?.ToString());

    [Theory]
    [InlineData("")]
    [InlineData("20")]
    [InlineData("<=")]
    [InlineData("x")]
    [InlineData("<= twenty")]
    [InlineData("<= 20 20")]
    [InlineData("<= 20 nats")]
    [InlineData("20 >= x")]
    [InlineData("xx <= 20")]
    [InlineData("c < a")]
    [InlineData("|x <= 20")]
    [InlineData("|b| <= 20")]
    [InlineData("|b < a|")]
    [InlineData("|b / a| <= 20")]
    [InlineData("b - a")]
    [InlineData("b < a - 1")]
    [InlineData("b + a < 1")]
    [InlineData("ln b / a > 1")]
    [InlineData("log(b / a) > 1")]
    [InlineData("ln(b - a) > 1")]
    [InlineData("exp(b) > a")]
    public void Read_WhenItIsNone_IsNull(string text) => Assert.Null(ConditionReader.Read(text, out _));

    [Theory]
    [InlineData("= 0", "replicates never show that two numbers are equal; say how near, as in |x| <= 0.01")]
    [InlineData("b == a", "replicates never show that two numbers are equal; say how near, as in |x| <= 0.01")]
    [InlineData("b < b", "both sides are the same")]
    [InlineData("a - a < 1", "both sides are the same")]
    [InlineData("ln(b / b) < 1", "both sides are the same")]
    [InlineData("|x| <= 0", "what stands in bars is never below 0, so its bound must be above 0")]
    [InlineData("|x| > -1", "what stands in bars is never below 0, so its bound must be above 0")]
    [InlineData("<= 1e999", "the number is not finite")]
    public void Read_WhenItCannotBeJudged_SaysWhy(string text, string why)
    {
        Assert.Null(ConditionReader.Read(text, out string problem));
        Assert.Equal(why, problem);
    }
}
