using Sweep.Diffusion.Networks;
using Sweep.Grains.Coordination;
using Sweep.Silo;
using Sweep.Tests.Grains.Coordination;
using Xunit;

namespace Sweep.Tests.Silo;

public sealed class SharedWorkTests
{
    private static readonly CancellationToken None = TestContext.Current.CancellationToken;

    [Fact]
    public void Get_WhenManySlotsAskForOneNetwork_TrainsItOnce()
    {
        var shared = new SharedWork<SharedNetwork>(long.MaxValue, n => n.Bytes);
        var network = Network(8);
        int trained = 0;
        using var together = new Barrier(6);
        Thread[] slots = [.. Enumerable.Range(0, 6).Select(_ => new Thread(() =>
        {
            together.SignalAndWait();
            Assert.Same(network, shared.Get("a", () => { Interlocked.Increment(ref trained); return network; }, Attempt(), None));
        }))];
        Array.ForEach(slots, s => s.Start());
        Array.ForEach(slots, s => s.Join());

        Assert.Equal(1, trained);
    }

    [Fact]
    public void Get_WhenKeysDiffer_TrainsEach()
    {
        var shared = new SharedWork<SharedNetwork>(long.MaxValue, n => n.Bytes);

        Assert.NotSame(shared.Get("a", () => Network(8), Attempt(), None), shared.Get("b", () => Network(8), Attempt(), None));
    }

    [Fact]
    public void Get_WhenTheTrainerIsStopped_LetsTheOneWhoWaitsTrain()
    {
        var shared = new SharedWork<SharedNetwork>(long.MaxValue, n => n.Bytes);
        using var training = new ManualResetEventSlim();
        using var stop = new ManualResetEventSlim();
        Exception? thrown = null;
        var first = new Thread(() => thrown = Record.Exception(() => shared.Get("a", () =>
        {
            training.Set();
            stop.Wait();
            throw new OperationCanceledException();
        }, Attempt(), None)));
        first.Start();
        training.Wait(None);
        var network = Network(8);
        SharedNetwork? got = null;
        var second = new Thread(() => got = shared.Get("a", () => network, Attempt(), None));
        second.Start();
        stop.Set();
        first.Join();
        second.Join();

        Assert.IsType<OperationCanceledException>(thrown);
        Assert.Same(network, got);
    }

    [Fact]
    public void Get_WhenTheOneWhoWaitsIsCancelled_StopsWaitingAndShowsWhatItSaw()
    {
        var shared = new SharedWork<SharedNetwork>(long.MaxValue, n => n.Bytes);
        using var training = new ManualResetEventSlim();
        using var finish = new ManualResetEventSlim();
        AttemptProgress trainer = Attempt(), waiter = Attempt();
        var first = new Thread(() => shared.Get("a", () =>
        {
            trainer.Report(AttemptPhase.Train, 0.5, 1.25);
            training.Set();
            finish.Wait();
            return Network(8);
        }, trainer, None));
        first.Start();
        training.Wait(None);
        using var cancel = new CancellationTokenSource();
        Exception? thrown = null;
        var second = new Thread(() => thrown = Record.Exception(() => shared.Get("a", () => Network(8), waiter, cancel.Token)));
        second.Start();
        SpinWait.SpinUntil(() => waiter.Snapshot().Loss is not null);
        cancel.Cancel();
        second.Join();
        finish.Set();
        first.Join();

        Assert.IsType<OperationCanceledException>(thrown);
        Assert.Equal(("train", 1.25), (waiter.Snapshot().Phase, waiter.Snapshot().Loss));
        Assert.Equal(trainer.Snapshot().Fraction, waiter.Snapshot().Fraction);
    }

    [Fact]
    public void Get_WhenMoreIsKeptThanAllowed_DropsTheLeastRecentlyUsed()
    {
        long bytes = Network(8).Bytes;
        var shared = new SharedWork<SharedNetwork>(2 * bytes, n => n.Bytes);
        int trained = 0;
        SharedNetwork Train()
        {
            trained++;
            return Network(8);
        }

        foreach (string key in new[] { "a", "b", "a", "c", "a" })
            shared.Get(key, Train, Attempt(), None);
        Assert.Equal(3, trained);
        shared.Get("b", Train, Attempt(), None);
        Assert.Equal(4, trained);
    }

    [Fact]
    public void Get_WhenOneNetworkExceedsWhatIsAllowed_KeepsTheLatest()
    {
        var shared = new SharedWork<SharedNetwork>(1, n => n.Bytes);
        var network = shared.Get("a", () => Network(8), Attempt(), None);

        Assert.Same(network, shared.Get("a", () => Network(8), Attempt(), None));
    }

    private static SharedNetwork Network(int width)
    {
        var shape = new MlpShape(2, 32, width, 2, Activation.Silu);
        return new SharedNetwork(
            new TrainedNetwork { Shape = shape, Parametrisation = Parametrisation.Epsilon, SigmaData = 1, Weights = new float[shape.ParameterCount] }, [],
                TimeSpan.FromSeconds(1), "cpu");
    }

    private static AttemptProgress Attempt() => new(
        new Lease { SweepId = "s", Trial = Samples.Trial(0), Attempt = 1, FencingToken = 1, Expires = DateTimeOffset.UnixEpoch }, DateTimeOffset.UnixEpoch);
}
