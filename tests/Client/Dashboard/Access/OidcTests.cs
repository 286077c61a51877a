using System.Net;
using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;
using Sweep.Client.Dashboard.Access;
using Xunit;

namespace Sweep.Tests.Client.Dashboard.Access;

public sealed class OidcTests : IAsyncLifetime
{
    private OidcProvider _provider = null!;
    private TestDashboard _dashboard = null!;

    public async ValueTask InitializeAsync()
    {
        _provider = await OidcProvider.StartAsync();
        _dashboard = await TestDashboard.StartAsync(configure: o =>
            o with { Oidc = new OidcOptions(_provider.Authority, OidcProvider.Audience, "sweep-operator") });
    }

    public async ValueTask DisposeAsync()
    {
        await _dashboard.DisposeAsync();
        await _provider.DisposeAsync();
    }

    [Theory]
    [InlineData("sweep-operator", "roles", HttpStatusCode.OK)]
    [InlineData("sweep-operator", "groups", HttpStatusCode.OK)]
    [InlineData("sweep-operator", "name", HttpStatusCode.Forbidden)]
    [InlineData("SWEEP-OPERATOR", "roles", HttpStatusCode.Forbidden)]
    [InlineData("other", "roles", HttpStatusCode.Forbidden)]
    [InlineData(null, "roles", HttpStatusCode.Forbidden)]
    public async Task Token_WhenValid_MakesAnOperatorByItsRoleAlone(string? role, string claim, HttpStatusCode pause)
    {
        string token = _provider.Token(role, claim: claim);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(HttpMethod.Get, "api/sweeps", token));
        Assert.Equal(pause, await StatusAsync(HttpMethod.Post, $"{_dashboard.SweepUrl}/pause", token));
    }

    [Fact]
    public async Task Token_WhenItIsNotTheProvidersForUsNow_IsRefused()
    {
        using RSA other = RSA.Create(2048);
        foreach ((string why, string token) in new[]
        {
            ("for somebody else", _provider.Token("sweep-operator", audience: "another")),
            ("of another issuer", _provider.Token("sweep-operator", issuer: "https://evil.example")),
            ("over", _provider.Token("sweep-operator", expiresInMinutes: -5)),
            ("not signed", _provider.Token("sweep-operator", signed: false)),
            ("signed by another key",
                _provider.Token("sweep-operator", signedBy: new SigningCredentials(new RsaSecurityKey(other) { KeyId = "k" }, SecurityAlgorithms.RsaSha256))),
            ("signed with the public key as a secret", _provider.Token("sweep-operator", signedBy: _provider.Confused())),
            ("changed", Changed(_provider.Token("sweep-reader"))),
            ("no token", "a.b.c"),
        })
        {
            HttpStatusCode status = await StatusAsync(HttpMethod.Get, "api/sweeps", token);
            Assert.True(status == HttpStatusCode.Unauthorized, $"{why}: {status}");
        }
    }

    [Fact]
    public async Task Login_WithAToken_LastsAsLongAsTheToken()
    {
        using HttpResponseMessage response =
            await _dashboard.SendAsync(HttpMethod.Post, "api/login", new { token = _provider.Token("sweep-operator", expiresInMinutes: 10) });
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        string expires = response.Headers.GetValues("Set-Cookie").Single().Split("expires=")[1].Split(';')[0];
        Assert.InRange(DateTimeOffset.Parse(expires, System.Globalization.CultureInfo.InvariantCulture) - TimeProvider.System.GetUtcNow(),
            TimeSpan.FromMinutes(8), TimeSpan.FromMinutes(11));
        Assert.Equal(("operator", "oidc"),
            ((await _dashboard.GetAsync("api/session"))["role"]!.GetValue<string>(), (await _dashboard.GetAsync("api/session"))["auth"]!.GetValue<string>()));
    }

    /// <summary>The role within the signed part is another.</summary>
    private static string Changed(string token)
    {
        string[] parts = token.Split('.');
        parts[1] = Base64UrlEncoder.Encode(Base64UrlEncoder.Decode(parts[1]).Replace("sweep-reader", "sweep-operator", StringComparison.Ordinal));
        return string.Join('.', parts);
    }

    private async Task<HttpStatusCode> StatusAsync(HttpMethod method, string path, string token)
    {
        using HttpResponseMessage response = await _dashboard.SendAsync(method, path, null, ("Authorization", $"Bearer {token}"));
        return response.StatusCode;
    }
}
