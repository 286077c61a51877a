using Sweep.Client.Terminal;

namespace Sweep.Client.Dashboard.Access;

/// <summary>The trusted OpenID Connect provider.</summary>
/// <param name="Authority">The issuer's URL, with metadata at <c>/.well-known/openid-configuration</c>.</param>
/// <param name="Audience">The required <c>aud</c> claim.</param>
/// <param name="OperatorRole">The operators' role, in the claim <c>roles</c>, <c>role</c> or <c>groups</c>; without one all tokens grant only reading.</param>
internal sealed record OidcOptions(Uri Authority, string Audience, string? OperatorRole)
{
    /// <exception cref="UsageException">The URL isn't secure.</exception>
    public void Check()
    {
        if (Authority.Scheme != Uri.UriSchemeHttps && !(Authority.Scheme == Uri.UriSchemeHttp && Authority.IsLoopback))
            throw new UsageException($"--oidc-authority: {Words.Clean(Authority.OriginalString)}; allowed: an https URL (http on this machine alone)");
    }
}
