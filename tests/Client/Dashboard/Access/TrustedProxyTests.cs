using System.Net;
using Sweep.Client.Dashboard.Access;
using Sweep.Client.Terminal;
using Xunit;

namespace Sweep.Tests.Client.Dashboard.Access;

public sealed class TrustedProxyTests
{
    [Theory]
    [InlineData("10.0.0.1", "10.0.0.1", true)]
    [InlineData("10.0.0.1", "10.0.0.2", false)]
    [InlineData("10.0.0.0/24", "10.0.0.200", true)]
    [InlineData("10.0.0.0/24", "10.0.1.1", false)]
    [InlineData("10.0.0.1", "::ffff:10.0.0.1", true)]
    [InlineData("2001:db8::/32", "2001:db8:5::1", true)]
    public void Contains_WhenAskedForAnAddress_SaysWhetherItIsOne(string given, string address, bool trusted) =>
        Assert.Equal(trusted, TrustedProxies.Parse("--trusted-proxy", [given]).Contains(IPAddress.Parse(address)));

    [Theory]
    [InlineData("proxy.example")]
    [InlineData("10.0.0.0/33")]
    [InlineData("")]
    public void Parse_WhenItIsNoAddress_SaysWhatIsAllowed(string given) =>
        Assert.Contains("allowed: an IP address, or a network", Assert.Throws<UsageException>(() => TrustedProxies.Parse("--trusted-proxy", [given])).Message,
            StringComparison.Ordinal);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Requests_BehindATrustedProxy_AreLimitedByTheClientItNames(bool trusted)
    {
        string[] proxies = trusted ? ["127.0.0.1"] : [];
        await using TestDashboard dashboard = await TestDashboard.StartAsync(
            configure: o => o with { MaxRequestsPerSecond = 5, Proxies = TrustedProxies.Parse("--trusted-proxy", proxies) });
        HttpStatusCode[] statuses = await Task.WhenAll(Enumerable.Range(0, 40).Select(async i =>
        {
            // What a client claims of itself stands before what the proxy adds.
            using HttpResponseMessage response =
                await dashboard.SendAsync(HttpMethod.Get, "api/session", null, ("X-Forwarded-For", $"203.0.113.99, 198.51.100.{i}"));
            return response.StatusCode;
        }));
        Assert.Equal(!trusted, statuses.Contains(HttpStatusCode.TooManyRequests));
    }
}
