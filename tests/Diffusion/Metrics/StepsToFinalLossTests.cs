using Sweep.Diffusion.Metrics;
using Xunit;

namespace Sweep.Tests.Diffusion.Metrics;

public sealed class StepsToFinalLossTests
{
    [Fact]
    public void Steps_WhenTheLossNeverChanges_IsTheFirstWindowsEnd() => Assert.Equal(20, StepsToFinalLoss.Steps(Enumerable.Repeat(0.5f, 200).ToArray(), 4000));

    /// <summary>
    /// 1 for 100 windows, 0.5 after: with 200 windows the running mean reaches 5 to either side, so it is 0.5 (1 + k / 11) where k of its 11 windows are early ones, and within 5% (0.525) only at k = 0: from index 105,
    /// whose window ends after 106 of 200 parts of the steps.
    /// </summary>
    [Fact]
    public void Steps_WhenTheLossDropsOnce_IsWhereTheRunningMeanHasPassedIt() =>
        Assert.Equal(106 * 20, StepsToFinalLoss.Steps([.. Enumerable.Repeat(1f, 100), .. Enumerable.Repeat(0.5f, 100)], 4000));

    /// <summary>9 windows: the running mean is the window itself, the final value the last one's.</summary>
    [Fact]
    public void Steps_WhenThereAreFewWindows_TakesEachAsItIs() => Assert.Equal(4, StepsToFinalLoss.Steps([4, 2, 1.2f, 1.04f, 0.96f, 1.05f, 1, 1.01f, 1], 9));

    [Fact]
    public void Steps_WhenItLeavesAgain_CountsFromTheLastReturn() => Assert.Equal(7, StepsToFinalLoss.Steps([1, 1, 1, 2, 2, 2, 1, 1, 1], 9));

    [Fact]
    public void Steps_WhenItEndsElsewhere_IsNever() => Assert.Null(StepsToFinalLoss.Steps([.. Enumerable.Range(0, 200).Select(i => (float)Math.Exp(i / 20.0))], 4000));

    [Fact]
    public void Steps_WhenAWindowIsNotFinite_IsNever() => Assert.Null(StepsToFinalLoss.Steps([1, float.NaN, 1], 3));
}
