using System.Net;
using System.Net.Sockets;
using System.Text;
using Sweep.Client.Dashboard.Access;
using Xunit;

namespace Sweep.Tests.Client.Dashboard.Access;

/// <summary>Connections that only stand there, over real sockets.</summary>
public sealed class IdleConnectionTests
{
    [Theory]
    [InlineData("")]
    [InlineData("GET /api/sweeps HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ")]
    [InlineData("POST /api/login HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 200000\r\n\r\n{")]
    public async Task Get_WhenStrangersHoldMoreConnectionsThanThereAre_IsAnswered(string sent)
    {
        await using TestDashboard dashboard = await TestDashboard.StartAsync(configure: o => o with { Token = TestDashboard.Token });
        using var session = new HttpClient { BaseAddress = dashboard.Client.BaseAddress };
        (await session.GetAsync(new Uri($"?token={TestDashboard.Token}", UriKind.Relative))).EnsureSuccessStatusCode();
        (await session.GetAsync(new Uri("api/sweeps", UriKind.Relative))).EnsureSuccessStatusCode();
        var url = new Uri(dashboard.Server.Url);
        List<TcpClient> idle = [];
        try
        {
            for (int i = 0; i < ConnectionTable.MaxConnections + 8; i++)
            {
                var client = new TcpClient();
                idle.Add(client);
                await client.ConnectAsync(url.Host, url.Port);
                if (sent.Length > 0)
                    await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(sent));
            }

            // Whoever was there keeps their connection and their share of requests, and who comes gets a connection.
            (await session.GetAsync(new Uri("api/sweeps", UriKind.Relative))).EnsureSuccessStatusCode();
            Assert.Equal(HttpStatusCode.OK, await LogInAsync(dashboard));
        }
        finally
        {
            idle.ForEach(c => c.Dispose());
        }
    }

    /// <summary>Strangers of one address share a number of requests a second.</summary>
    private static async Task<HttpStatusCode> LogInAsync(TestDashboard dashboard)
    {
        for (int i = 0; ; i++)
        {
            using HttpResponseMessage login = await dashboard.SendAsync(HttpMethod.Post, "api/login", new { token = TestDashboard.Token });
            if (login.StatusCode != HttpStatusCode.TooManyRequests || i == 5)
                return login.StatusCode;
            await Task.Delay(login.Headers.RetryAfter!.Delta!.Value);
        }
    }
}
