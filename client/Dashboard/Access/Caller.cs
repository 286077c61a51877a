namespace Sweep.Client.Dashboard.Access;

/// <summary>Who asks.</summary>
/// <param name="Role">What they may do.</param>
/// <param name="Csrf">What their page has to send with what changes state.</param>
/// <param name="ByHeader">Known by a header, which no other site can make a browser send: no CSRF token is asked for.</param>
internal sealed record Caller(Role Role, string Csrf, bool ByHeader);
