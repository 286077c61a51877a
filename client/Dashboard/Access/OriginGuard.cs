using Microsoft.AspNetCore.Http;

namespace Sweep.Client.Dashboard.Access;

/// <summary>Whether a request that changes state was made by our own page, as far as browsers say. Other programs say nothing, and no site can make a browser say nothing.</summary>
internal static class OriginGuard
{
    public static bool IsOurs(HttpRequest request)
    {
        string site = request.Headers["Sec-Fetch-Site"].ToString();
        if (site.Length > 0 && site is not ("same-origin" or "none"))
            return false;
        string origin = request.Headers.Origin.ToString();
        if (origin.Length == 0)
            return true;

        // Behind a proxy that speaks TLS the scheme here is another; the name and the port aren't.
        return Uri.TryCreate(origin, UriKind.Absolute, out Uri? from) && from.Scheme is "http" or "https"
            && string.Equals(from.Authority, Authority(request.Host, from.Scheme), StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>A default port isn't written in an origin.</summary>
    private static string Authority(HostString host, string scheme) =>
        (scheme, host.Port) is ("http", 80) or ("https", 443) ? host.Host : host.Value ?? "";
}
