using FsCheck;
using FsCheck.Fluent;
using Sweep.Client.Dashboard.Live;
using Sweep.Grains.Coordination;
using Xunit;

namespace Sweep.Tests.Client.Dashboard;

public sealed class MetricOrderTests
{
    [Theory]
    [InlineData(false, null, "4 0 2 1 3 5")]
    [InlineData(true, null, "0 2 4 1 3 5")]
    [InlineData(false, TrialStatus.Completed, "4 0 2 3")]
    public void Page_WhenSomeHaveNoValue_PutsThemLast(bool descending, TrialStatus? state, string expected)
    {
        var order = new MetricOrder(6);
        foreach ((int ordinal, double? value) in new (int, double?)[] { (2, 1.5), (0, 1.5), (4, -3), (3, null) })
            order.Add(ordinal, value);
        Assert.Equal(expected, string.Join(' ', order.Page(new TrialQuery { Descending = descending, State = state })));
        Assert.Equal((4, true, false), (order.Known, order.Knows(3), order.Knows(5)));
    }

    [Fact]
    public void Add_WhenATrialIsKnown_KeepsWhatItHas()
    {
        var order = new MetricOrder(2);
        order.Add(0, 1);
        order.Add(1, 2);
        order.Add(0, 3);
        Assert.Equal([0, 1], order.Page(new TrialQuery()));
        Assert.Equal(2, order.Known);
    }

    [Fact]
    public void Page_WhenAddedToBetweenPages_IsTheSameAsIfAllHadBeenThere() => Check.QuickThrowOnFailure(Prop.ForAll(
        Gen.Choose(0, 5).Select(v => (double)v).ArrayOf(30).ToArbitrary(), Gen.Choose(0, 30).ToArbitrary(), Gen.Elements(true, false).ToArbitrary(),
        (values, some, descending) =>
        {
            TrialQuery query = new() { Descending = descending, Places = [new OrdinalDigit(3, 2, 1)], Skip = 2, Take = 9 };
            MetricOrder whole = new(30), grown = new(30);
            for (int i = 0; i < values.Length; i++)
            {
                whole.Add(i, values[i]);
                grown.Add(values.Length - 1 - i, values[^(i + 1)]);
                if (i == some)
                    grown.Page(query);
            }

            int[] expected =
                [.. Enumerable.Range(0, 30).Where(o => o / 3 % 2 == 1).OrderBy(o => descending ? -values[o] : values[o]).ThenBy(o => o).Skip(2).Take(9)];
            return whole.Page(query).SequenceEqual(expected) && grown.Page(query).SequenceEqual(expected);
        }));
}
