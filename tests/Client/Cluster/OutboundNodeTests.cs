using Microsoft.Extensions.Hosting;
using Sweep.Client.Cluster;
using Sweep.Grains.Coordination;
using Sweep.Grains.Orleans;
using Sweep.Grains.Storage.Postgres;
using Sweep.Silo.Orleans;
using Sweep.Tests.Grains.Coordination;
using Sweep.Tests.Grains.Storage;
using Xunit;

namespace Sweep.Tests.Client.Cluster;

/// <summary>A worker outside of a cluster of one silo.</summary>
public sealed class OutboundNodeTests(PostgresServer server) : IAsyncLifetime
{
    private static readonly CoordinatorOptions Quick = new() { LeaseDuration = TimeSpan.FromSeconds(30) };

    private readonly ClusterKey _key = ClusterKey.Make();
    private readonly int _port = OrleansHost.FreePort();
    private readonly int _gateway = OrleansHost.FreePort();
    private PostgresTestStore _store = null!;
    private PostgresSweeps _inside = null!;
    private IHost? _silo;

    public async ValueTask InitializeAsync()
    {
        _store = new PostgresTestStore(server);
        _inside = _store.Open(Quick);
        await _inside.SubmitAsync(Samples.Sweep("ring"), Samples.Trials(3), CancellationToken.None);
        await StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _store.DisposeAsync();
    }

    [Fact]
    public async Task Work_WhenTheSiloGoesAndComesBack_GoesOn()
    {
        await using OutboundNode node = await JoinAsync(_key);
        Lease lease = Assert.Single(await node.Work.LeaseAsync(new LeaseRequest("laptop", 1), Token));
        await StopAsync();
        await Assert.ThrowsAsync<StoreException>(() => node.Work.HeartbeatAsync("laptop", [], Token));
        await StartAsync();

        // As a worker does, until the cluster is there again.
        ReportAnswer answer = await AskAsync(() => node.Work.CompleteAsync(lease, Samples.Result(), Token));
        Assert.Equal(ReportAnswer.Accepted, answer);
        Assert.Equal(1, (await node.Reader.FindAsync("ring", Token))!.Completed);
        Assert.Null(node.Absent);
        Assert.Equal(0, node.Living);
    }

    [Fact]
    public async Task JoinAsync_WithAnotherClustersKey_IsRefused()
    {
        StoreException refused = await Assert.ThrowsAsync<StoreException>(() => JoinAsync(ClusterKey.Make() with { ClusterId = _key.ClusterId }));
        Assert.StartsWith($"can't connect to the gateway 127.0.0.1:{_gateway}: ", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task JoinAsync_WhenTheSiloIsOfAnotherBuild_IsRefusedAndSaysWhichThisIs()
    {
        StoreException refused = await Assert.ThrowsAsync<StoreException>(() => JoinAsync(_key, $"{_key.ClusterId}/9.9.9-0000beef"));
        Assert.Contains($"one build in a cluster, this being {OrleansHost.Build}", refused.Message, StringComparison.Ordinal);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private Task<OutboundNode> JoinAsync(ClusterKey key, string? clusterId = null) => OutboundNode.JoinAsync(
        new OutboundSettings("127.0.0.1", _gateway, new KeyFile(_store.Schema, key.ClusterId, [key.Pkcs12]), "laptop")
        {
            ClusterId = clusterId ?? _key.ClusterId,
        },
        Quick, TimeProvider.System, Token);

    private static async Task<T> AskAsync<T>(Func<Task<T>> call)
    {
        for (int tries = 0; ; tries++)
        {
            try
            {
                return await call();
            }
            catch (StoreException) when (tries < 600)
            {
                await Task.Delay(200, Token);
            }
        }
    }

    private async Task StartAsync()
    {
        var hub = new StoreHub();
        hub.Add(_store.Schema, _inside);
        _silo = OrleansHost.LocalSilo(new KeyRing(_key), hub, _port, _gateway, _port, Quick.LeaseDuration);
        await _silo.StartAsync(Token);
    }

    private async Task StopAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        await _silo!.StopAsync(patience.Token);
        _silo.Dispose();
    }
}
