using Microsoft.AspNetCore.Http;
using Sweep.Client.Dashboard.Api;

namespace Sweep.Client.Dashboard.Access;

/// <summary>
/// The link printed at start-up, <c>/?token=…</c>: exchanges the token for a session cookie and redirects to the same address without it, so that it doesn't
/// stay in the address bar, the history or a Referer header.
/// </summary>
internal static class TokenLink
{
    private const string Parameter = "token";

    public static string Of(string url, string token) => $"{url}?{Parameter}={Uri.EscapeDataString(token)}";

    public static bool Is(HttpRequest request) => HttpMethods.IsGet(request.Method) && request.Query.ContainsKey(Parameter);

    /// <summary>Logs in if the token is right, and redirects in any case: without a session the page shows the login form.</summary>
    /// <param name="context">The request.</param>
    /// <param name="gate">Knows the tokens.</param>
    /// <param name="prefix">What the page's addresses begin with.</param>
    public static async Task FollowAsync(HttpContext context, Gate gate, string prefix)
    {
        string token = context.Request.Query[Parameter].ToString().Trim();
        if (token.Length > 0 && IsNavigation(context.Request) && !gate.IsOpen)
        {
            try
            {
                await gate.LogInAsync(context, token);
            }
            catch (ApiException)
            {
                // An existing session stays valid.
            }
        }

        // A single leading slash: two would start a host name.
        string path = prefix + context.Request.Path.ToUriComponent().TrimStart('/');
        var rest = QueryString.Create(context.Request.Query.Where(p => p.Key != Parameter)
            .SelectMany(p => p.Value, (p, value) => KeyValuePair.Create(p.Key, value)));
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location = path + rest.ToUriComponent();
    }

    /// <summary>A top-level navigation. An image or frame on another site must not use up this client's free attempts. Only browsers send the header.</summary>
    private static bool IsNavigation(HttpRequest request) => request.Headers["Sec-Fetch-Dest"].ToString() is "" or "document";
}
