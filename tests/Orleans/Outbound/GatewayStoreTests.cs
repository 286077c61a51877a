using System.Security.Cryptography;
using Sweep.Grains.Coordination;
using Sweep.Grains.Orleans;
using Sweep.Grains.Orleans.Outbound;
using Sweep.Tests.Grains.Coordination;
using Sweep.Tests.Grains.Storage;
using Xunit;

namespace Sweep.Tests.Orleans.Outbound;

public sealed class GatewayStoreTests(PostgresServer server, OrleansCluster cluster) : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;

    private OrleansTestStore _inside = null!;
    private ICoordinator _coordinator = null!;
    private GatewayStore _outside = null!;
    private ClusterLeases _leases = null!;

    public ValueTask InitializeAsync()
    {
        _inside = new OrleansTestStore(server, cluster);
        _coordinator = _inside.Connect();
        _outside = new GatewayStore(cluster.Outside, _inside.Schema, TimeSpan.FromSeconds(30));
        _leases = new ClusterLeases(cluster.Outside, _inside.Schema, _outside, TimeProvider.System);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _leases.UnfollowAsync();
        await _inside.DisposeAsync();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(StoreGrain.PieceBytes)]
    [InlineData((3 * StoreGrain.PieceBytes) + 7)]
    public async Task FileAsync_WhateverItsLength_ComesWhole(int length)
    {
        byte[] content = RandomNumberGenerator.GetBytes(length);
        string sha256 = Convert.ToHexStringLower(SHA256.HashData(content));
        await _coordinator.StoreFileAsync(sha256, content, None);
        Assert.Equal(content, await _outside.FileAsync(sha256, None));
    }

    [Fact]
    public async Task FileAsync_WhenTheStoreLacksIt_IsNull() => Assert.Null(await _outside.FileAsync(new string('0', 64), None));

    [Fact]
    public async Task WaitAsync_WhenWorkIsAnnounced_Returns()
    {
        await _outside.HereAsync(None);
        Task waiting = await IdleAsync();
        await _coordinator.SubmitAsync(Samples.Sweep("ring"), Samples.Trials(1), None);
        await waiting.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
    }

    /// <summary>A wait that nothing before it ends: the connection has just been made, say.</summary>
    private async Task<Task> IdleAsync()
    {
        while (true)
        {
            Assert.Empty(await _leases.LeaseAsync(new LeaseRequest("laptop", 1), None));
            Task waiting = _leases.WaitForWorkAsync(TimeSpan.FromMinutes(5), None);
            if (await Task.WhenAny(waiting, Task.Delay(TimeSpan.FromMilliseconds(500))) != waiting)
                return waiting;
        }
    }

    [Fact]
    public async Task TrialAsync_WhenThereIsNone_SaysSo()
    {
        await _coordinator.SubmitAsync(Samples.Sweep("ring"), Samples.Trials(1), None);
        string sweep = Samples.Sweep("ring").Id;
        Assert.Equal(Samples.Trial(0).Id, (await _outside.TrialAsync(sweep, Samples.Trial(0).Id, None)).Id);
        await Assert.ThrowsAsync<ArgumentException>(() => _outside.TrialAsync(sweep, "ffffffffffffffff", None));
    }

    [Fact]
    public async Task HeartbeatAsync_WhenTheWorkerIsIdle_IsInTheStore()
    {
        Assert.Empty(await _leases.HeartbeatAsync("laptop", [], None));
        Assert.Equal("laptop", Assert.Single(await _outside.SilosAsync(None)).Id);
    }
}
