using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Sweep.Grains.Orleans;
using Sweep.Grains.Orleans.Fits;
using Sweep.Grains.Storage.Postgres;
using Sweep.Silo.Orleans;
using Xunit;

namespace Sweep.Tests.Orleans;

/// <summary>Who holds the cluster's key talks to its silos, and nobody else. A silo of its own, without a database.</summary>
public sealed class ClusterTlsTests : IAsyncLifetime
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(3);

    private readonly ClusterKey _key = ClusterKey.Make();
    private readonly KeyRing _keys;
    private readonly int _port = OrleansHost.FreePort();
    private readonly int _gateway = OrleansHost.FreePort();
    private IHost _silo = null!;

    public ClusterTlsTests() => _keys = new KeyRing(_key);

    public async ValueTask InitializeAsync()
    {
        _silo = OrleansHost.LocalSilo(_keys, new StoreHub(), _port, _gateway, _port, Lease);
        await _silo.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        await _silo.StopAsync(patience.Token);
        _silo.Dispose();
    }

    [Fact]
    public async Task Client_WithTheClustersKey_IsAnswered()
    {
        // The silo serves no store: that a grain says so is an answer.
        EngineException said = await Assert.ThrowsAsync<EngineException>(() => AskAsync(_key));
        Assert.Contains("serves another store", said.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("another cluster's key")]
    [InlineData("no TLS")]
    public async Task Client_WithoutIt_GetsNoAnswer(string with)
    {
        Exception refused = await Assert.ThrowsAnyAsync<Exception>(() => AskAsync(with == "no TLS" ? [] : [ClusterKey.Make()]));
        Assert.IsNotType<EngineException>(refused);
    }

    [Fact]
    public async Task Silo_WithAnotherClustersKey_CannotJoin()
    {
        var other = new KeyRing(ClusterKey.Make() with { ClusterId = _key.ClusterId });
        using IHost stranger = OrleansHost.LocalSilo(other, new StoreHub(), OrleansHost.FreePort(), OrleansHost.FreePort(), _port, Lease);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await Assert.ThrowsAnyAsync<Exception>(() => stranger.StartAsync(patience.Token).WaitAsync(patience.Token));

        // It is still whole.
        await Assert.ThrowsAsync<EngineException>(() => AskAsync(_key));
    }

    [Fact]
    public async Task Silo_WhileItsKeyIsChanged_AcceptsBothUntilTheOldOneIsDropped()
    {
        ClusterKey next = ClusterKey.Make() with { ClusterId = _key.ClusterId };
        _keys.Replace([_key, next]);
        foreach (ClusterKey[] held in new ClusterKey[][] { [_key], [_key, next] })
            await Assert.ThrowsAsync<EngineException>(() => AskAsync(held));

        _keys.Replace([next]);
        foreach (ClusterKey[] held in new ClusterKey[][] { [next] })
            await Assert.ThrowsAsync<EngineException>(() => AskAsync(held));
        Assert.IsNotType<EngineException>(await Assert.ThrowsAnyAsync<Exception>(() => AskAsync(_key)));
        Assert.Throws<ArgumentException>(() => _keys.Replace([ClusterKey.Make()]));
    }

    [Fact]
    public async Task Message_WhenItIsForgedOnItsWay_EndsTheConnectionAndReachesNoGrain()
    {
        // In between sits somebody who passes the handshake on and changes a bit of every message after it.
        using var between = new TcpListener(IPAddress.Loopback, 0);
        between.Start();
        int forged = 0;
        using var over = new CancellationTokenSource();
        Task forging = Task.Run(async () =>
        {
            while (true)
            {
                TcpClient client = await between.AcceptTcpClientAsync(over.Token);
                var silo = new TcpClient();
                await silo.ConnectAsync(IPAddress.Loopback, _gateway, over.Token);
                _ = PassAsync(client, silo, forge: true);
                _ = PassAsync(silo, client, forge: false);
            }
        });
        Exception refused = await Assert.ThrowsAnyAsync<Exception>(() => AskAsync(((IPEndPoint)between.LocalEndpoint).Port, _key));
        Assert.IsNotType<EngineException>(refused);
        Assert.True(forged > 0, "nothing was forged");
        await over.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => forging);

        async Task PassAsync(TcpClient from, TcpClient to, bool forge)
        {
            try
            {
                await using NetworkStream input = from.GetStream(), output = to.GetStream();
                byte[] head = new byte[5];
                for (int records = 0; ; records++)
                {
                    await input.ReadExactlyAsync(head, over.Token);
                    byte[] body = new byte[(head[3] << 8) | head[4]];
                    await input.ReadExactlyAsync(body, over.Token);

                    // The first of the client's records make the handshake.
                    if (forge && head[0] == 23 && records >= 6)
                    {
                        body[^1] ^= 1;
                        Interlocked.Increment(ref forged);
                    }

                    await output.WriteAsync((byte[])[.. head, .. body], over.Token);
                }
            }
            catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
            {
                // One side has ended it.
            }
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Port_WhenForeignBytesCome_IsClosedWithoutAWord(bool gateway)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, gateway ? _gateway : _port, TestContext.Current.CancellationToken);
        NetworkStream stream = client.GetStream();
        await stream.WriteAsync(new byte[256], TestContext.Current.CancellationToken);
        byte[] said = new byte[4096];
        int count = 0;
        try
        {
            count = await stream.ReadAsync(said, TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(30));
        }
        catch (IOException)
        {
            // Reset.
        }

        // At most TLS' own alert.
        Assert.True(count == 0 || said[0] == 21, $"{count} bytes, the first of them {said[0]}");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Port_WhenTheCertificateIsMissingOrAnothers_EndsTheConnection(bool missing)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, _gateway, TestContext.Current.CancellationToken);
        using X509Certificate2 other = ClusterKey.Make().Open();
        using X509Certificate2 expected = _key.Open();
        await using var tls = new SslStream(
            client.GetStream(), false, (_, silos, _, _) => silos is X509Certificate2 certificate && ClusterKey.IsSame(expected, certificate));
        int count = 0;
        try
        {
            await tls.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions { TargetHost = ClusterKey.Name, ClientCertificates = missing ? [] : [other] },
                TestContext.Current.CancellationToken);

            // With TLS 1.3 the other side says so after its part of the handshake.
            count = await tls.ReadAsync(new byte[64], TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(30));
        }
        catch (Exception e) when (e is AuthenticationException or IOException)
        {
            // Refused.
        }

        Assert.Equal(0, count);
    }

    private Task AskAsync(params ClusterKey[] held) => AskAsync(_gateway, held);

    /// <param name="held">None: speaks plainly.</param>
    private async Task AskAsync(int port, params ClusterKey[] held)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.UseOrleansClient(client =>
        {
            client.UseLocalhostClustering(port);
            client.Configure<ClusterOptions>(o => (o.ClusterId, o.ServiceId) = (_key.ClusterId, "sweep"));
            if (held.Length > 0)
                client.UseTls(tls => ClusterTls.Configure(tls, new KeyRing(held)));
        });
        using IHost host = builder.Build();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        await host.StartAsync(patience.Token).WaitAsync(patience.Token);
        await host.Services.GetRequiredService<IGrainFactory>().GetGrain<IFitGrain>(GrainKeys.Fit("none", "x")).AskAsync("me").WaitAsync(patience.Token);
    }
}
