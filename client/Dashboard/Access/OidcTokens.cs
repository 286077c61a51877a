using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace Sweep.Client.Dashboard.Access;

/// <summary>
/// Validates tokens of an OpenID Connect provider: signature by a published key, issuer, audience, lifetime. Uses the handlers behind ASP.NET Core's JwtBearer.
/// Thread-safe.
/// </summary>
internal sealed class OidcTokens
{
    private const int MaxTokenLength = 16_384;
    private static readonly string[] RoleClaims = ["roles", "role", "groups"];

    private readonly JsonWebTokenHandler _handler = new() { MapInboundClaims = false };
    private readonly ConfigurationManager<OpenIdConnectConfiguration> _provider;
    private readonly OidcOptions _options;

    public OidcTokens(OidcOptions options)
    {
        _options = options;
        string address = options.Authority.AbsoluteUri.TrimEnd('/') + "/.well-known/openid-configuration";
        _provider = new ConfigurationManager<OpenIdConnectConfiguration>(
            address, new OpenIdConnectConfigurationRetriever(), new HttpDocumentRetriever { RequireHttps = options.Authority.Scheme == Uri.UriSchemeHttps });
    }

    /// <summary>The role that a token grants, and its expiry; none if it is invalid or the provider can't be reached.</summary>
    public async Task<(Role Role, DateTimeOffset? Ends)> RoleOfAsync(string token, CancellationToken cancellationToken)
    {
        if (token.Length > MaxTokenLength || !_handler.CanReadToken(token))
            return (Role.None, null);
        TokenValidationResult result = await ValidateAsync(token, cancellationToken);
        if (!result.IsValid && result.Exception is SecurityTokenSignatureKeyNotFoundException)
        {
            // The provider may have new keys; the manager limits how often it is asked.
            _provider.RequestRefresh();
            result = await ValidateAsync(token, cancellationToken);
        }

        if (!result.IsValid)
            return (Role.None, null);
        bool isOperator = _options.OperatorRole is { } wanted
            && result.ClaimsIdentity.Claims.Any(c => RoleClaims.Contains(c.Type, StringComparer.Ordinal) && c.Value == wanted);
        return (isOperator ? Role.Operator : Role.Reader, new DateTimeOffset(DateTime.SpecifyKind(result.SecurityToken.ValidTo, DateTimeKind.Utc)));
    }

    private async Task<TokenValidationResult> ValidateAsync(string token, CancellationToken cancellationToken)
    {
        OpenIdConnectConfiguration provider;
        try
        {
            provider = await _provider.GetConfigurationAsync(cancellationToken);
        }
        catch (InvalidOperationException e)
        {
            return new TokenValidationResult { IsValid = false, Exception = e };
        }

        return await _handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = provider.Issuer,
            ValidAudience = _options.Audience,
            IssuerSigningKeys = provider.SigningKeys,
            ValidateIssuerSigningKey = true,
            RequireSignedTokens = true,
            RequireExpirationTime = true,
            ClockSkew = TimeSpan.FromMinutes(1),

            // Asymmetric only: a public key must not be accepted as an HMAC secret.
            ValidAlgorithms = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"],
        });
    }
}
