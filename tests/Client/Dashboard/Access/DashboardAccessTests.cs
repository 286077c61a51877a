using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Sweep.Client.Dashboard;
using Sweep.Client.Dashboard.Access;
using Xunit;

namespace Sweep.Tests.Client.Dashboard.Access;

/// <summary>Attacks on a dashboard, each over a real socket.</summary>
public sealed class DashboardAccessTests
{
    private static Task<TestDashboard> GuardedAsync() =>
        TestDashboard.StartAsync(configure: o => o with { Token = TestDashboard.Token, ReaderToken = TestDashboard.ReaderToken });

    [Theory]
    [InlineData("evil.example")]
    [InlineData("evil.example:8787")]
    [InlineData("127.0.0.1.evil.example")]
    [InlineData("localhost.evil.example")]
    [InlineData("10.0.0.7")]
    [InlineData("[2001:db8::1]")]
    public async Task Get_WhenTheHostIsAnothersName_IsRefused(string host)
    {
        await using TestDashboard dashboard = await TestDashboard.StartAsync();
        foreach (string path in new[] { "api/session", "api/sweeps", "", "metrics" })
        {
            using HttpResponseMessage response = await dashboard.SendAsync(HttpMethod.Get, path, null, ("Host", host));
            Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        }
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("LOCALHOST:1234")]
    [InlineData("127.0.0.1")]
    [InlineData("[::1]:80")]
    public async Task Get_WhenTheHostIsThisMachine_IsAnswered(string host)
    {
        await using TestDashboard dashboard = await TestDashboard.StartAsync();
        using HttpResponseMessage response = await dashboard.SendAsync(HttpMethod.Get, "api/sweeps", null, ("Host", host));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Origin", "null")]
    [InlineData("Origin", "file://")]
    [InlineData("Origin", "http://127.0.0.1")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    public async Task Post_WhenItComesFromAnotherSite_ChangesNothingEvenWithTheCsrfToken(string header, string value)
    {
        await using TestDashboard dashboard = await TestDashboard.StartAsync();
        string csrf = (await dashboard.GetAsync("api/session"))["csrf"]!.GetValue<string>();
        using HttpResponseMessage response =
            await dashboard.SendAsync(HttpMethod.Post, $"{dashboard.SweepUrl}/pause", null, (Gate.CsrfHeader, csrf), (header, value));
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.False((await dashboard.Store.Reader.FindAsync(dashboard.Spec.Id, CancellationToken.None))!.Paused);
    }

    [Fact]
    public async Task Post_WhenTheOriginIsOurs_IsDone()
    {
        await using TestDashboard dashboard = await TestDashboard.StartAsync();
        string csrf = (await dashboard.GetAsync("api/session"))["csrf"]!.GetValue<string>();
        using HttpResponseMessage response = await dashboard.SendAsync(
            HttpMethod.Post, $"{dashboard.SweepUrl}/pause", null, (Gate.CsrfHeader, csrf), ("Origin", dashboard.Server.Url.TrimEnd('/')),
                ("Sec-Fetch-Site", "same-origin"));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("guess")]
    public async Task Post_WithoutTheCsrfToken_ChangesNothing(string? csrf)
    {
        await using TestDashboard dashboard = await TestDashboard.StartAsync();
        foreach (string verb in new[] { "pause", "resume", "cancel", "retry" })
        {
            using HttpResponseMessage response = csrf is null
                ? await dashboard.SendAsync(HttpMethod.Post, $"{dashboard.SweepUrl}/{verb}")
                : await dashboard.PostAsync($"{dashboard.SweepUrl}/{verb}", csrf: csrf);
            Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        }

        Assert.Equal(12, (await dashboard.Store.Reader.FindAsync(dashboard.Spec.Id, CancellationToken.None))!.Queued);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    public async Task Action_WhenTheMethodIsNotPost_ChangesNothing(string method)
    {
        await using TestDashboard dashboard = await TestDashboard.StartAsync();
        using HttpResponseMessage response = await dashboard.SendAsync(new HttpMethod(method), $"{dashboard.SweepUrl}/cancel");
        Assert.False(response.IsSuccessStatusCode);
        Assert.Equal(12, (await dashboard.Store.Reader.FindAsync(dashboard.Spec.Id, CancellationToken.None))!.Queued);
    }

    [Fact]
    public async Task Get_WithoutAToken_SaysNothingButHowToLogIn()
    {
        await using TestDashboard dashboard = await GuardedAsync();
        foreach (string path in new[] { "api/sweeps", dashboard.SweepUrl, $"{dashboard.SweepUrl}/trials", "api/silos", "api/events",
            $"{dashboard.SweepUrl}/report", "metrics" })
        {
            using HttpResponseMessage response = await dashboard.SendAsync(HttpMethod.Get, path);
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        }

        JsonNode session = await dashboard.GetAsync("api/session");
        Assert.False(session["authenticated"]!.GetValue<bool>());
        Assert.Equal("token", session["auth"]!.GetValue<string>());
        Assert.Null(session["store"]);
        Assert.Null(session["version"]);
        Assert.Equal("", session["csrf"]!.GetValue<string>());
    }

    [Fact]
    public async Task Login_WhenTheTokenIsRight_SetsACookieThatScriptsAndOtherSitesCannotUse()
    {
        await using TestDashboard dashboard = await GuardedAsync();
        using HttpResponseMessage response = await dashboard.SendAsync(HttpMethod.Post, "api/login", new { token = TestDashboard.Token });
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        string cookie = Assert.Single(response.Headers.GetValues("Set-Cookie"));
        foreach (string attribute in new[] { "httponly", "samesite=strict", "path=/", "expires=" })
            Assert.Contains(attribute, cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("secure", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(TestDashboard.Token, cookie, StringComparison.Ordinal);

        // The client keeps the cookie.
        Assert.Equal("operator", (await dashboard.GetAsync("api/session"))["role"]!.GetValue<string>());
        using HttpResponseMessage paused = await dashboard.PostAsync($"{dashboard.SweepUrl}/pause");
        Assert.Equal(HttpStatusCode.OK, paused.StatusCode);
        using HttpResponseMessage foreign = await dashboard.PostAsync($"{dashboard.SweepUrl}/resume", csrf: "another session's");
        Assert.Equal(HttpStatusCode.Forbidden, foreign.StatusCode);
    }

    [Fact]
    public async Task Login_BehindAProxyThatSpeaksTls_MarksTheCookieSecure()
    {
        await using TestDashboard dashboard = await GuardedAsync();
        using HttpResponseMessage response =
            await dashboard.SendAsync(HttpMethod.Post, "api/login", new { token = TestDashboard.Token }, ("X-Forwarded-Proto", "https"));
        Assert.Contains("secure", Assert.Single(response.Headers.GetValues("Set-Cookie")), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Reader_WhenOperating_IsRefused()
    {
        await using TestDashboard dashboard = await GuardedAsync();
        using HttpResponseMessage login = await dashboard.SendAsync(HttpMethod.Post, "api/login", new { token = TestDashboard.ReaderToken });
        Assert.Equal("reader", (await dashboard.GetAsync("api/session"))["role"]!.GetValue<string>());
        Assert.Equal(12, (await dashboard.GetAsync(dashboard.SweepUrl))["total"]!.GetValue<int>());
        foreach (string path in new[] { $"{dashboard.SweepUrl}/pause", $"{dashboard.SweepUrl}/resume", $"{dashboard.SweepUrl}/cancel",
            $"{dashboard.SweepUrl}/retry", $"{dashboard.SweepUrl}/note", "api/silos/a/unquarantine" })
        {
            using HttpResponseMessage response = await dashboard.PostAsync(path);
            Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
            Assert.Contains("role: reader; allowed: operator", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Logout_WhenTheOldCookieIsUsedAgain_IsRefused()
    {
        await using TestDashboard dashboard = await GuardedAsync();
        string cookie;
        using (HttpResponseMessage login = await dashboard.SendAsync(HttpMethod.Post, "api/login", new { token = TestDashboard.Token }))
            cookie = login.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
        (await dashboard.SendAsync(HttpMethod.Post, "api/logout")).Dispose();
        using HttpResponseMessage response = await dashboard.SendAsync(HttpMethod.Get, "api/sweeps", null, ("Cookie", cookie));
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task Bearer_WhenTheTokenIsRight_NeedsNoCsrfToken()
    {
        await using TestDashboard dashboard = await GuardedAsync();
        dashboard.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", TestDashboard.Token);
        using HttpResponseMessage response = await dashboard.SendAsync(HttpMethod.Post, $"{dashboard.SweepUrl}/pause");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    /// <summary>A reader knows their own token, and nothing else of what a session's key might be made from.</summary>
    [Fact]
    public async Task Cookie_WhenAReaderSignsOneWithWhatTheyKnow_MakesNoOperator()
    {
        await using TestDashboard dashboard = await TestDashboard.StartAsync(configure: o => o with { ReaderToken = TestDashboard.ReaderToken });
        byte[] token = Encoding.UTF8.GetBytes(TestDashboard.ReaderToken), hash = SHA256.HashData(token), none = new byte[32];
        byte[][] keys =
        [
            token, hash, none, [.. none, .. hash],
            HKDF.DeriveKey(HashAlgorithmName.SHA256, [.. none, .. hash], 32, info: "sweep dashboard session"u8.ToArray()),
            HKDF.DeriveKey(HashAlgorithmName.SHA256, hash, 32, info: "sweep dashboard session"u8.ToArray()),
        ];
        var url = new Uri(dashboard.Server.Url);
        foreach (byte[] key in keys)
        {
            var forger = new SessionCookie(key, url.Port, TimeProvider.System);
            using HttpResponseMessage response =
                await dashboard.SendAsync(HttpMethod.Get, "api/sweeps", null, ("Cookie", $"{forger.Name}={forger.Issue(Role.Operator).Value}"));
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        }
    }

    [Fact]
    public async Task Cookie_OfAServerThatIsGone_IsNobodysAlthoughTheTokenIsTheSame()
    {
        string cookie;
        await using (TestDashboard first = await GuardedAsync())
        {
            using HttpResponseMessage login = await first.SendAsync(HttpMethod.Post, "api/login", new { token = TestDashboard.Token });
            cookie = login.Headers.GetValues("Set-Cookie").Single().Split(';')[0].Split('=')[1];
        }

        await using TestDashboard second = await GuardedAsync();
        string name = $"sweep_session_{new Uri(second.Server.Url).Port}";
        using HttpResponseMessage response = await second.SendAsync(HttpMethod.Get, "api/sweeps", null, ("Cookie", $"{name}={cookie}"));
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task Login_AfterManyWrongTokensOfTheSameAddress_StillLetsTheRightOneIn()
    {
        await using TestDashboard dashboard = await GuardedAsync();
        for (int i = 0; i < LoginLimiter.FreeFailures + 3; i++)
        {
            // Both ways in count together.
            using HttpResponseMessage wrong = i % 2 == 0
                ? await dashboard.SendAsync(HttpMethod.Post, "api/login", new { token = $"guess {i}" })
                : await dashboard.SendAsync(HttpMethod.Get, "api/sweeps", null, ("Authorization", $"Bearer guess{i}"));
            Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        }

        using HttpResponseMessage response = await dashboard.SendAsync(HttpMethod.Post, "api/login", new { token = TestDashboard.Token });
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Login_WhenManyTokensAreTriedAtOnce_IsRefusedForSome()
    {
        await using TestDashboard dashboard = await GuardedAsync();
        await Task.WhenAll(Enumerable.Range(0, LoginLimiter.FreeFailures + 5).Select(async i => await StatusAsync(i)));
        HttpStatusCode[] statuses = await Task.WhenAll(Enumerable.Range(100, LoginLimiter.MaxWaiting * 2).Select(StatusAsync));
        Assert.Contains(HttpStatusCode.TooManyRequests, statuses);
        Assert.Contains(HttpStatusCode.Unauthorized, statuses);

        async Task<HttpStatusCode> StatusAsync(int number)
        {
            using HttpResponseMessage response = await dashboard.SendAsync(HttpMethod.Post, "api/login", new { token = $"guess {number}" });
            return response.StatusCode;
        }
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    public async Task Login_WhenSentAsAFormWouldBe_IsRefused(string type)
    {
        await using TestDashboard dashboard = await GuardedAsync();
        using var content = new StringContent($"{{\"token\":\"{TestDashboard.Token}\"}}", Encoding.UTF8, type);
        using HttpResponseMessage response = await dashboard.Client.PostAsync(new Uri("api/login", UriKind.Relative), content);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task Post_WhenTheBodyIsTooLarge_Is413()
    {
        await using TestDashboard dashboard = await TestDashboard.StartAsync();
        using HttpResponseMessage response =
            await dashboard.PostAsync($"{dashboard.SweepUrl}/retry", new { trials = Enumerable.Repeat(new string('f', 100), 4000) });
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    [Fact]
    public async Task Login_WhenTheBodyIsTooLarge_Is413()
    {
        await using TestDashboard dashboard = await GuardedAsync();
        using HttpResponseMessage response = await dashboard.SendAsync(HttpMethod.Post, "api/login", new { token = new string('x', 40_000) });
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    [Fact]
    public async Task Post_WhenTheBodyIsDeeplyNestedOrBroken_Is400()
    {
        await using TestDashboard dashboard = await TestDashboard.StartAsync();
        string csrf = (await dashboard.GetAsync("api/session"))["csrf"]!.GetValue<string>();
        foreach (string body in new[] { new string('[', 10_000), "{\"trials\":", "{\"trials\": 7}", "\"text\"" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post,
                new Uri($"{dashboard.SweepUrl}/retry", UriKind.Relative)) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
            request.Headers.Add(Gate.CsrfHeader, csrf);
            using HttpResponseMessage response = await dashboard.Client.SendAsync(request);
            Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        }
    }

    [Fact]
    public async Task Requests_WhenOneClientSendsTooMany_Are429()
    {
        await using TestDashboard dashboard = await TestDashboard.StartAsync(configure: o => o with { MaxRequestsPerSecond = 5 });
        HttpResponseMessage[] responses = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => dashboard.SendAsync(HttpMethod.Get, "api/session")));
        Assert.Contains(responses, r => r.StatusCode == HttpStatusCode.OK);
        Assert.Contains(responses, r => r.StatusCode == HttpStatusCode.TooManyRequests);
    }

    [Theory]
    [InlineData("../../sweep.db")]
    [InlineData("..%2F..%2Fsweep.db")]
    [InlineData("%2e%2e%2f%2e%2e%2fsweep.db")]
    [InlineData("..%5C..%5Csweep.db")]
    [InlineData("%2Fetc%2Fpasswd")]
    [InlineData(".hidden")]
    [InlineData("link.npy")]
    [InlineData("weights.safetensors%00.txt")]
    [InlineData("sub")]
    public async Task Artifact_WhenTheNameLeavesTheFolder_IsNotServed(string name)
    {
        await using TestDashboard dashboard = await TestDashboard.StartAsync();
        await dashboard.CompleteAsync(1);
        string trial = Trial(dashboard);
        string folder = Directory.CreateDirectory(Path.Combine(dashboard.Run!.Artifacts, trial, "sub")).Parent!.FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "weights.safetensors"), "weights");
        await File.WriteAllTextAsync(Path.Combine(folder, ".hidden"), "half-written");
        File.CreateSymbolicLink(Path.Combine(folder, "link.npy"), "/etc/passwd");

        string answer = await RawRequest.GetAsync(dashboard, $"/{dashboard.SweepUrl}/trials/{trial}/artifacts/{name}");
        Assert.DoesNotContain("SQLite format", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("root:", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("half-written", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("HTTP/1.1 200 OK\r\nContent-Length", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("application/octet-stream", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Artifact_WhenListed_IsServedAsADownload()
    {
        await using TestDashboard dashboard = await TestDashboard.StartAsync();
        await dashboard.CompleteAsync(1);
        string trial = Trial(dashboard);
        string folder = Directory.CreateDirectory(Path.Combine(dashboard.Run!.Artifacts, trial)).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "page.html"), "<script>alert(1)</script>");
        JsonNode artifact = Assert.Single((await dashboard.GetAsync($"{dashboard.SweepUrl}/trials/{trial}"))["artifacts"]!.AsArray())!;
        using HttpResponseMessage response = await dashboard.SendAsync(HttpMethod.Get, artifact["url"]!.GetValue<string>());
        Assert.Equal("<script>alert(1)</script>", await response.Content.ReadAsStringAsync());
        Assert.Equal("application/octet-stream", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal("attachment", response.Content.Headers.ContentDisposition!.DispositionType);
    }

    [Fact]
    public async Task Artifacts_WhenOneIsAPipe_LeaveItOutAndDoNotWait()
    {
        await using TestDashboard dashboard = await TestDashboard.StartAsync();
        await dashboard.CompleteAsync(1);
        string trial = Trial(dashboard);
        string folder = Directory.CreateDirectory(Path.Combine(dashboard.Run!.Artifacts, trial)).FullName;
        using (Process made = Process.Start("mkfifo", [Path.Combine(folder, "samples.npy")]))
            await made.WaitForExitAsync();
        Assert.Empty((await dashboard.GetAsync($"{dashboard.SweepUrl}/trials/{trial}").WaitAsync(TimeSpan.FromSeconds(20)))["artifacts"]!.AsArray());
        using HttpResponseMessage response = await dashboard.SendAsync(HttpMethod.Get, $"{dashboard.SweepUrl}/trials/{trial}/artifacts/samples.npy");
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Theory]
    [InlineData("a\"; filename=\"b.html")]
    [InlineData("line\r\nSet-Cookie: a=b")]
    [InlineData("Größe µ.npy")]
    [InlineData("back\\slash;semi,comma")]
    public async Task Artifact_WhateverItsName_IsServedUnderOneHeader(string name)
    {
        await using TestDashboard dashboard = await TestDashboard.StartAsync();
        await dashboard.CompleteAsync(1);
        string trial = Trial(dashboard);
        string folder = Directory.CreateDirectory(Path.Combine(dashboard.Run!.Artifacts, trial)).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, name), "content");
        JsonNode artifact = Assert.Single((await dashboard.GetAsync($"{dashboard.SweepUrl}/trials/{trial}"))["artifacts"]!.AsArray())!;
        using HttpResponseMessage response = await dashboard.SendAsync(HttpMethod.Get, artifact["url"]!.GetValue<string>());
        Assert.Equal("content", await response.Content.ReadAsStringAsync());
        Assert.False(response.Headers.Contains("Set-Cookie"));
        ContentDispositionHeaderValue disposition = response.Content.Headers.ContentDisposition!;
        Assert.Equal("attachment", disposition.DispositionType);
        Assert.InRange(disposition.Parameters.Count, 1, 2);
    }

    [Fact]
    public async Task Artifacts_WhenTheTrialsFolderIsALink_AreNotServed()
    {
        await using TestDashboard dashboard = await TestDashboard.StartAsync();
        await dashboard.CompleteAsync(1);
        string trial = Trial(dashboard);
        Directory.CreateDirectory(dashboard.Run!.Artifacts);
        Directory.CreateSymbolicLink(Path.Combine(dashboard.Run.Artifacts, trial), "/etc");
        Assert.Empty((await dashboard.GetAsync($"{dashboard.SweepUrl}/trials/{trial}"))["artifacts"]!.AsArray());
        Assert.DoesNotContain("root:", await RawRequest.GetAsync(dashboard, $"/{dashboard.SweepUrl}/trials/{trial}/artifacts/passwd"),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answers_WhenASweepIsNamedLikeMarkup_HaveNone()
    {
        await using TestDashboard dashboard = await TestDashboard.StartAsync(name: "<script>alert(1)<|script>");
        foreach (string path in new[] { "api/sweeps", dashboard.SweepUrl, $"{dashboard.SweepUrl}/trials" })
        {
            using HttpResponseMessage response = await dashboard.SendAsync(HttpMethod.Get, path);
            Assert.DoesNotContain("<script", await response.Content.ReadAsStringAsync(), StringComparison.OrdinalIgnoreCase);
        }

        Assert.Equal("<script>alert(1)<|script>", (await dashboard.GetAsync(dashboard.SweepUrl))["name"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("")]
    [InlineData("sweeps/anything")]
    [InlineData("api/session")]
    [InlineData("api/nothing")]
    [InlineData("assets/none.js")]
    public async Task Answers_WhateverIsAsked_BearTheHeaders(string path)
    {
        await using TestDashboard dashboard = await TestDashboard.StartAsync();
        using HttpResponseMessage response = await dashboard.SendAsync(HttpMethod.Get, path);
        string policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
        Assert.Equal(SecurityHeaders.Policy, policy);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("DENY", Assert.Single(response.Headers.GetValues("X-Frame-Options")));
        Assert.Equal("no-referrer", Assert.Single(response.Headers.GetValues("Referrer-Policy")));
        Assert.False(response.Headers.Contains("Server"));
        Assert.False(response.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Fact]
    public void Check_WhenOthersCouldOperate_Refuses()
    {
        var open = new DashboardOptions { Listen = new IPEndPoint(IPAddress.Any, 8787), IsOpen = true };
        Assert.Contains("others could operate your sweeps", Refusal(open), StringComparison.Ordinal);
        Assert.Contains("others could operate your sweeps", Refusal(open with { Listen = new IPEndPoint(IPAddress.Parse("10.0.0.7"), 1) }),
            StringComparison.Ordinal);
        Assert.Contains("others could operate your sweeps", Refusal(open with { Listen = new IPEndPoint(IPAddress.Loopback, 1), Hosts = ["sweep.example"] }),
            StringComparison.Ordinal);
        Assert.Contains("--no-token together with a token", Refusal(open with { ReaderToken = TestDashboard.ReaderToken }), StringComparison.Ordinal);
        DashboardOptions everywhere = open with { IsOpen = false };
        Assert.Contains("no access control; allowed: a token", Refusal(everywhere), StringComparison.Ordinal);
        Assert.Contains("15 characters; allowed: 16 or more", Refusal(everywhere with { Token = new string('x', 15) }), StringComparison.Ordinal);
        Assert.Contains("two that differ", Refusal(everywhere with { Token = TestDashboard.Token, ReaderToken = TestDashboard.Token }),
            StringComparison.Ordinal);
        Assert.Contains("an https URL", Refusal(everywhere with { Oidc = new OidcOptions(new Uri("http://issuer.example"), "sweep", null) }),
            StringComparison.Ordinal);
        (everywhere with { Token = TestDashboard.Token }).Check();
        (open with { Listen = new IPEndPoint(IPAddress.IPv6Loopback, 0) }).Check();
    }

    [Fact]
    public void WithGeneratedToken_WhenNoAccessControlIsConfigured_GeneratesAnotherEachTime()
    {
        var options = new DashboardOptions { Listen = new IPEndPoint(IPAddress.Loopback, 0) };
        DashboardOptions first = options.WithGeneratedToken(), second = options.WithGeneratedToken();
        Assert.True(first is { IsTokenGenerated: true, Token.Length: >= 43 });
        Assert.NotEqual(first.Token, second.Token);
        foreach (DashboardOptions keyed in new[] { options with { ReaderToken = TestDashboard.ReaderToken }, options with { IsOpen = true }, first })
            Assert.Same(keyed, keyed.WithGeneratedToken());
    }

    private static string Trial(TestDashboard dashboard) => Sweep.Grains.Specs.TrialExpansion.Expand(dashboard.Spec).First().Id;

    private static string Refusal(DashboardOptions options) => Assert.Throws<Sweep.Client.Terminal.UsageException>(options.Check).Message;
}
