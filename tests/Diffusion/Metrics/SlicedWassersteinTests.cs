using Sweep.Diffusion.Metrics;
using Xunit;

namespace Sweep.Tests.Diffusion.Metrics;

public sealed class SlicedWassersteinTests
{
    private static readonly double[] Square = [0, 0, 1, 0, 0, 1, 1, 1];

    [Fact]
    public void Distance_OfAShiftInOneDimension_IsTheShift() =>
        Assert.Equal(2.5, SlicedWasserstein.Distance([0, 1, 4], [6.5, 2.5, 3.5], 1, seed: 1), Tolerances.ReferenceRelative);

    [Fact]
    public void Distance_OfAShiftInTwoDimensions_IsTheShiftOverRootTwo()
    {
        // The mean of cos^2 over directions is 1/2; with 4096 of them its standard error is 0.0055.
        double[] moved = Square.Select((v, i) => i % 2 == 0 ? v + 10 : v).ToArray();

        Assert.Equal(10 / Math.Sqrt(2), SlicedWasserstein.Distance(Square, moved, 2, seed: 1, directions: 4096), 0.2);
    }

    [Fact]
    public void Distance_ToItself_IsZero() => Assert.Equal(0, SlicedWasserstein.Distance(Square, Square, 2, seed: 1));

    [Fact]
    public void Distance_WhenEveryPointIsRepeated_IsTheSame()
    {
        double[] other = [3, 0, 1, 2, 0, 1, 1, -1];
        double[] twice = [.. other, .. other];

        Assert.Equal(
            SlicedWasserstein.Distance(Square, other, 2, seed: 4), SlicedWasserstein.Distance(Square, twice, 2, seed: 4), Tolerances.ReferenceRelative);
    }

    [Fact]
    public void SquaredDistanceOfSorted_WhenCountsDiffer_MatchesQuantiles() =>
        // {0, 6} against {0, 3, 6}: the quantile functions differ by 3 on (1/3, 2/3).
        Assert.Equal(3, SlicedWasserstein.SquaredDistanceOfSorted([0, 6], [0, 3, 6]), Tolerances.ReferenceRelative);

    [Fact]
    public void Distance_WhenTheSeedDiffers_UsesOtherDirections() =>
        Assert.NotEqual(SlicedWasserstein.Distance(Square, [3, 0, 1, 2], 2, 1), SlicedWasserstein.Distance(Square, [3, 0, 1, 2], 2, 2));

    [Fact]
    public void Distance_WhenACoordinateIsNotFinite_IsNaN() =>
        Assert.Equal(double.NaN, SlicedWasserstein.Distance([double.NaN, 1], [1, 2], 1, 1));
}
