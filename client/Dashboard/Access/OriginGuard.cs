using Microsoft.AspNetCore.Http;

namespace Sweep.Client.Dashboard.Access;

/// <summary>
/// Whether a request that changes state comes from our own page, according to headers that browsers always send and pages can't suppress. Other clients send
/// none.
/// </summary>
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

        // A proxy that terminates TLS changes the scheme, but neither name nor port.
        return Uri.TryCreate(origin, UriKind.Absolute, out Uri? from) && from.Scheme is "http" or "https"
            && string.Equals(from.Authority, Authority(request.Host, from.Scheme), StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>An origin omits the default port.</summary>
    private static string Authority(HostString host, string scheme) =>
        (scheme, host.Port) is ("http", 80) or ("https", 443) ? host.Host : host.Value ?? "";
}
