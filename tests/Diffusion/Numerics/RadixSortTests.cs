using Sweep.Diffusion.Numerics;
using Xunit;

namespace Sweep.Tests.Diffusion.Numerics;

/// <summary>Against the library's sort, value by value.</summary>
public sealed class RadixSortTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(511)]
    [InlineData(512)]
    [InlineData(4097)]
    public void Sort_OfNormals_IsAscending(int length)
    {
        var stream = new PhiloxStream(7, NoisePurpose.TestPoints);
        var sort = new RadixSort(length);
        for (int repeat = 0; repeat < 3; repeat++)
        {
            double[] values = new double[length];
            stream.FillNormal(values);
            AssertSorts(sort, values);
        }
    }

    [Fact]
    public void Sort_OfEveryKindOfNumber_IsAscending()
    {
        double[] kinds =
        [
            0, -0.0, double.Epsilon, -double.Epsilon, double.MaxValue, double.MinValue, double.PositiveInfinity, double.NegativeInfinity,
            1, -1, 1e-310, -1e-310, Math.BitIncrement(1), Math.BitDecrement(1), 1e300, -1e300,
        ];
        double[] values = [.. Enumerable.Range(0, 700).Select(i => kinds[i * 7 % kinds.Length])];
        AssertSorts(new RadixSort(values.Length), values);
    }

    [Fact]
    public void Sort_OfEqualValues_LeavesThem() => AssertSorts(new RadixSort(600), [.. Enumerable.Repeat(-2.5, 600)]);

    [Fact]
    public void Sort_OfAnotherLength_IsRefused() => Assert.Throws<ArgumentOutOfRangeException>(() => new RadixSort(600).Sort(new double[601]));

    private static void AssertSorts(RadixSort sort, double[] values)
    {
        double[] expected = [.. values];
        Array.Sort(expected);
        sort.Sort(values);
        Assert.Equal(expected, values);
    }
}
