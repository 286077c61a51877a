using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;
using Sweep.Silo;
using Sweep.Silo.Preparation;
using Xunit;

namespace Sweep.Tests.Silo;

public sealed class DataStageTests
{
    [Theory]
    [InlineData(1e-15, 1)]
    [InlineData(1e-6, 1)]
    [InlineData(2e-6, 2)]
    [InlineData(double.NaN, 2)]
    public void Notes_WhenPointsDoNotComeBack_SayIt(double roundTrip, int notes)
    {
        IReadOnlyList<string> said = DataStage.Notes(["a warning of the fit"], roundTrip);
        Assert.Equal(notes, said.Count);
        Assert.Equal(notes == 2, said[^1].Contains("ill-conditioned", StringComparison.Ordinal));
    }

    /// <summary>
    /// Of a fit that takes a while, whoever watches the attempt that makes it, or one that waits for it, sees how far it is; stopping the maker stops the fit,
    /// and the one who waited makes it.
    /// </summary>
    [Fact]
    public void Prepare_WhileTheFitIsMade_ShowsItsProgressAndMindsItsCancellation()
    {
        var stage = new DataStage();
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        AttemptProgress making = Attempt(), waiting = Attempt();
        Exception? thrown = null;
        PreparedData? made = null;
        var maker = new Thread(() => thrown = Record.Exception(() => stage.Prepare(making.Lease.Trial, making, cancel.Token)));
        var waiter = new Thread(() => made = stage.Prepare(waiting.Lease.Trial, waiting, TestContext.Current.CancellationToken));
        maker.Start();
        SpinWait.SpinUntil(() => IsOnTheWay(making) || !maker.IsAlive);
        waiter.Start();
        SpinWait.SpinUntil(() => IsOnTheWay(waiting) || !waiter.IsAlive);
        cancel.Cancel();
        maker.Join();
        waiter.Join();

        Assert.IsType<OperationCanceledException>(thrown);
        Assert.NotNull(made);
        Assert.Contains(made.Notes, n => n.Contains("100 starts ended at contrasts", StringComparison.Ordinal));

        static bool IsOnTheWay(AttemptProgress attempt) => attempt.Snapshot() is { Phase: "fit", Fraction: > 0 };
    }

    private static AttemptProgress Attempt() => new(
        new Lease
        {
            SweepId = "0123456789abcdef",
            Trial = TrialExpansion.Expand(SpecReader.ReadText(
                "sweep: s\naxes:\n  dataset: {kind: gmm-random, dimensions: 20}\n  preprocessing: {kind: gaussianize, starts: 100}\n  width: 8\ntraining: "
                    + "{points: 3000}\n",
                "spec.yaml", Path.GetTempPath(), SpecCatalogue.Default).Spec!).First(),
            Attempt = 1,
            FencingToken = 1,
            Expires = DateTimeOffset.MaxValue,
        },
        DateTimeOffset.UnixEpoch);
}
