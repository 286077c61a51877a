using Sweep.Silo;
using Xunit;

namespace Sweep.Tests.Silo;

public sealed class OnceCacheTests
{
    [Fact]
    public void Get_WhenManyThreadsAsk_MakesOnce()
    {
        var cache = new OnceCache<string, int>(4);
        int made = 0;
        using var together = new Barrier(8);
        Thread[] threads = [.. Enumerable.Range(0, 8).Select(_ => new Thread(() =>
        {
            together.SignalAndWait();
            Assert.Equal(7, cache.Get("k", () => { Interlocked.Increment(ref made); return 7; }));
        }))];
        Array.ForEach(threads, t => t.Start());
        Array.ForEach(threads, t => t.Join());
        Assert.Equal(1, made);
    }

    [Fact]
    public void Get_WhenFull_DropsTheLeastRecentlyUsed()
    {
        var cache = new OnceCache<int, int>(2);
        int made = 0;
        int Make() => ++made;
        cache.Get(1, Make);
        cache.Get(2, Make);
        cache.Get(1, Make);
        cache.Get(3, Make);
        Assert.Equal(3, made);
        cache.Get(1, Make);
        Assert.Equal(3, made);
        cache.Get(2, Make);
        Assert.Equal(4, made);
    }

    [Fact]
    public void Get_WhenTheMakerThrows_LetsTheNextOneTry()
    {
        var cache = new OnceCache<int, int>(2);
        Assert.Throws<InvalidOperationException>(() => cache.Get(1, () => throw new InvalidOperationException("no")));
        Assert.Equal(5, cache.Get(1, () => 5));
    }
}
