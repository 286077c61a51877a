using System.Net;
using Xunit;

namespace Sweep.Tests.Client.Dashboard.Access;

public sealed class TokenLinkTests
{
    private static Task<TestDashboard> GuardedAsync() => TestDashboard.StartAsync(configure: o => o.WithGeneratedToken());

    [Fact]
    public async Task Link_WhenFollowed_LogsInAndLeavesTheAddress()
    {
        await using TestDashboard dashboard = await GuardedAsync();
        Assert.StartsWith(dashboard.Server.Url + "?token=", dashboard.Server.Link, StringComparison.Ordinal);
        using HttpClient client = Visitor(dashboard);
        using HttpResponseMessage response = await client.GetAsync(new Uri(dashboard.Server.Link));
        Assert.Equal((HttpStatusCode.SeeOther, "/"), (response.StatusCode, response.Headers.Location!.OriginalString));
        Assert.Equal(("no-referrer", "no-store"), (response.Headers.GetValues("Referrer-Policy").Single(), response.Headers.CacheControl!.ToString()));
        string cookie = Assert.Single(response.Headers.GetValues("Set-Cookie"));
        foreach (string attribute in new[] { "httponly", "samesite=strict", "path=/" })
            Assert.Contains(attribute, cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("\"role\":\"operator\"", await client.GetStringAsync(new Uri("api/session", UriKind.Relative)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Link_WhenItsTokenIsWrong_LeadsToThePageAndNoSession()
    {
        await using TestDashboard dashboard = await GuardedAsync();
        using HttpClient client = Visitor(dashboard);
        using HttpResponseMessage response = await client.GetAsync(new Uri("?token=that-of-the-server-before", UriKind.Relative));
        Assert.Equal(HttpStatusCode.SeeOther, response.StatusCode);
        Assert.False(response.Headers.Contains("Set-Cookie"));
        Assert.Contains("\"authenticated\":false", await client.GetStringAsync(new Uri("api/session", UriKind.Relative)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Link_WhenAnotherSiteShowsItAsAnImage_IsNotTried()
    {
        await using TestDashboard dashboard = await GuardedAsync();
        using HttpClient client = Visitor(dashboard);
        using var request = new HttpRequestMessage(HttpMethod.Get, dashboard.Server.Link);
        request.Headers.Add("Sec-Fetch-Dest", "image");
        using HttpResponseMessage response = await client.SendAsync(request);
        Assert.Equal(HttpStatusCode.SeeOther, response.StatusCode);
        Assert.False(response.Headers.Contains("Set-Cookie"));
    }

    [Theory]
    [InlineData("/sweeps/a%2Fb?token={0}&tab=curves&where.width=8", "/sweeps/a%2Fb?tab=curves&where.width=8")]
    [InlineData("//evil.example/x?token={0}", "/evil.example/x")]
    [InlineData("/%5Cevil.example/?token={0}", "/%5Cevil.example/")]
    [InlineData("/%0D%0ASet-Cookie:a=b?token={0}", "/%0D%0ASet-Cookie:a=b")]
    [InlineData("/?token={0}&token=again&next=%0D%0AX:y", "/?next=%0D%0AX%3Ay")]
    public async Task Link_WhateverItsPath_RedirectsToThisHost(string path, string location)
    {
        await using TestDashboard dashboard = await GuardedAsync();
        string token = dashboard.Server.Link.Split("token=")[1];
        string answer = await RawRequest.GetAsync(dashboard, string.Format(System.Globalization.CultureInfo.InvariantCulture, path, token));
        Assert.StartsWith("HTTP/1.1 303 ", answer, StringComparison.Ordinal);
        string[] headers = answer.Split("\r\n\r\n")[0].Split("\r\n");
        Assert.Equal($"Location: {location}", Assert.Single(headers, h => h.StartsWith("Location:", StringComparison.Ordinal)));
    }

    /// <summary>A browser that shows each step.</summary>
    private static HttpClient Visitor(TestDashboard dashboard) =>
        new(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(dashboard.Server.Url) };
}
