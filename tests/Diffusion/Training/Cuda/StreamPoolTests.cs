using Sweep.Diffusion.Training.Cuda;
using Xunit;

namespace Sweep.Tests.Diffusion.Training.Cuda;

public sealed class StreamPoolTests
{
    [Fact]
    public void Current_OnOneThread_IsAlwaysTheSameAndOnAnotherAnother()
    {
        int made = 0;
        using var pool = new StreamPool(() => ++made, _ => { });

        nint here = pool.Current, again = pool.Current, there = 0;
        var thread = new Thread(() => there = pool.Current);
        thread.Start();
        thread.Join();

        Assert.Equal(here, again);
        Assert.NotEqual(here, there);
    }

    [Fact]
    public void Current_OfThreadsThatEnded_GoesToThoseThatFollow()
    {
        int made = 0;
        using var pool = new StreamPool(() => Interlocked.Increment(ref made), _ => { });

        for (int round = 0; round < 50; round++)
        {
            var thread = new Thread(() => _ = pool.Current);
            thread.Start();
            thread.Join();
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        // The collector may take a few rounds to see that a thread has gone.
        Assert.InRange(pool.Count, 1, 10);
    }

    [Fact]
    public void Dispose_WithStreamsOfSeveralThreads_DestroysEachOnce()
    {
        int made = 0;
        List<nint> destroyed = [];
        var pool = new StreamPool(() => ++made, destroyed.Add);
        _ = pool.Current;
        _ = pool.Create();

        pool.Dispose();

        Assert.Equal([1, 2], destroyed.Order());
    }
}
