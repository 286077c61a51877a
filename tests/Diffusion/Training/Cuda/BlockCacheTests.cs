using FsCheck;
using FsCheck.Fluent;
using Sweep.Diffusion.Training.Cuda;
using Xunit;

namespace Sweep.Tests.Diffusion.Training.Cuda;

public class BlockCacheTests
{
    private readonly HashSet<nuint> _live = [];
    private readonly Dictionary<nuint, long> _sizes = [];
    private long _budget = 10 << 20;
    private nuint _next = 256;

    [Fact]
    public void Allocate_AfterAFree_TakesTheSameBlockWithoutTheDriver()
    {
        var cache = Cache();
        nuint first = cache.Allocate(1000), second = cache.Allocate(1000);
        cache.Free(first);
        Assert.Equal(BlockCache.Rounded(1000), cache.Kept);
        Assert.Equal(first, cache.Allocate(BlockCache.Rounded(1000)));
        Assert.Equal(0, cache.Kept);
        Assert.Equal([first, second], _live.Order());
    }

    [Fact]
    public void Allocate_WhenMemoryRunsOut_GivesUpWhatItKeepsFirst()
    {
        var cache = Cache();
        _budget = BlockCache.Rounded(3 << 20);
        nuint kept = cache.Allocate(3 << 20);
        cache.Free(kept);
        nuint large = cache.Allocate(3 << 19);
        Assert.DoesNotContain(kept, _live);
        Assert.Contains(large, _live);
        Assert.Throws<DeviceMemoryException>(() => cache.Allocate(3 << 20));
    }

    [Fact]
    public void Free_OfALargeBlock_GivesItBackAtOnce()
    {
        var cache = Cache();
        cache.Free(cache.Allocate(5 << 20));
        Assert.Empty(_live);
        cache.Free(cache.Allocate(10));
        Assert.Single(_live);
        cache.Clear();
        Assert.Empty(_live);
    }

    [Fact]
    public void Rounded_OfAnySize_HoldsItAndWastesLittle() =>
        Prop.ForAll(Gen.Choose(1, 4 << 20).ToArbitrary(), bytes =>
        {
            long rounded = BlockCache.Rounded(bytes);
            return rounded >= bytes && rounded <= Math.Max(bytes + 256, bytes * 5L / 4) && rounded % 256 == 0 && rounded == BlockCache.Rounded(rounded);
        }).QuickCheckThrowOnFailure();

    private BlockCache Cache() => new(
        bytes =>
        {
            if ((_budget -= bytes) < 0)
            {
                _budget += bytes;
                throw new DeviceMemoryException("none left");
            }

            nuint address = _next;
            _next += 256 + (nuint)bytes;
            _live.Add(address);
            _sizes[address] = bytes;
            return address;
        },
        address =>
        {
            Assert.True(_live.Remove(address));
            _budget += _sizes[address];
        });
}
