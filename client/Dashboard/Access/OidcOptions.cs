using Sweep.Client.Commands;

namespace Sweep.Client.Dashboard.Access;

/// <summary>Whose tokens are believed.</summary>
/// <param name="Authority">The issuer's URL; what it publishes is found below <c>/.well-known/openid-configuration</c>.</param>
/// <param name="Audience">Tokens must be meant for this.</param>
/// <param name="OperatorRole">The role, in the token's <c>roles</c>, <c>role</c> or <c>groups</c>, that operators have; without one everybody with a token reads only.</param>
internal sealed record OidcOptions(Uri Authority, string Audience, string? OperatorRole)
{
    /// <exception cref="UsageException">The authority can't be trusted over that URL.</exception>
    public void Check()
    {
        if (Authority.Scheme != Uri.UriSchemeHttps && !(Authority.Scheme == Uri.UriSchemeHttp && Authority.IsLoopback))
            throw new UsageException($"--oidc-authority: {Words.Clean(Authority.OriginalString)}; allowed: an https URL (http on this machine alone)");
    }
}
