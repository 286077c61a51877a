using Sweep.Diffusion.Training.Cuda;
using Xunit;

namespace Sweep.Tests.Diffusion.Training.Cuda;

public sealed class StreamRingTests
{
    [Fact]
    public void Current_OfAsManyThreadsAsThereAreStreams_IsEachItsOwnAndStays()
    {
        int made = 0;
        var ring = new StreamRing(() => ++made);
        List<(nint First, nint Second)> seen = [];

        // Dealt out in turn: threads that begin one after another get different ones.
        for (int i = 0; i < StreamRing.Count; i++)
        {
            var thread = new Thread(() =>
            {
                var mine = (ring.Current, ring.Current);
                lock (seen)
                    seen.Add(mine);
            });
            thread.Start();
            thread.Join();
        }

        Assert.All(seen, s => Assert.Equal(s.First, s.Second));
        Assert.InRange(seen.Select(s => s.First).Distinct().Count(), StreamRing.Count / 2, StreamRing.Count);
        Assert.All(seen, s => Assert.Contains(s.First, ring.All));
    }
}
