namespace Sweep.Client.Dashboard.Access;

/// <summary>The authenticated caller of a request.</summary>
/// <param name="Role">What the caller may do.</param>
/// <param name="Csrf">The CSRF token that requests which change state must carry.</param>
/// <param name="ByHeader">Authenticated by a header, which another site can't make a browser send: no CSRF token is needed.</param>
internal sealed record Caller(Role Role, string Csrf, bool ByHeader);
