using System.Security.Claims;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Sweep.Tests.Client.Dashboard.Access;

/// <summary>An OpenID Connect provider on this machine: what it publishes, and tokens signed by its key.</summary>
internal sealed class OidcProvider : IAsyncDisposable
{
    public const string Audience = "sweep";

    private readonly RSA _key = RSA.Create(2048);
    private readonly WebApplication _application;

    private OidcProvider(WebApplication application) => _application = application;

    public Uri Authority => new(_application.Urls.First());

    public static async Task<OidcProvider> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        WebApplication application = builder.Build();
        var provider = new OidcProvider(application);
        application.Run(context => context.Request.Path.Value switch
        {
            "/.well-known/openid-configuration" =>
                context.Response.WriteAsync(
                JsonSerializer.Serialize(new { issuer = provider.Authority.OriginalString, jwks_uri = new Uri(provider.Authority, "keys") })),
            "/keys" => context.Response.WriteAsync(JsonSerializer.Serialize(new { keys = new[] { provider.PublicKey() } })),
            _ => Task.CompletedTask,
        });
        await application.StartAsync();
        return provider;
    }

    /// <summary>A token that is right but for what is given.</summary>
    public string Token(string? role = null, string audience = Audience, string? issuer = null, int expiresInMinutes = 10, SigningCredentials? signedBy = null,
        bool signed = true, string claim = "roles") =>
        new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = issuer ?? Authority.OriginalString,
            Audience = audience,
            NotBefore = TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(-1),
            Expires = TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(expiresInMinutes),
            Subject = new ClaimsIdentity(role is null ? [] : [new Claim(claim, role)]),
            SigningCredentials = !signed ? null : signedBy ?? new SigningCredentials(new RsaSecurityKey(_key) { KeyId = "k" }, SecurityAlgorithms.RsaSha256),
        });

    /// <summary>Signs with the public key as a shared secret: what a validator that believes the token's algorithm would accept.</summary>
    public SigningCredentials Confused() => new(new SymmetricSecurityKey(_key.ExportSubjectPublicKeyInfo()) { KeyId = "k" }, SecurityAlgorithms.HmacSha256);

    public async ValueTask DisposeAsync()
    {
        await _application.DisposeAsync();
        _key.Dispose();
    }

    private object PublicKey()
    {
        RSAParameters key = _key.ExportParameters(includePrivateParameters: false);
        return new { kty = "RSA", use = "sig", kid = "k", alg = "RS256", n = Base64UrlEncoder.Encode(key.Modulus), e = Base64UrlEncoder.Encode(key.Exponent) };
    }
}
