using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Http;
using Sweep.Client.Dashboard.Api;

namespace Sweep.Client.Dashboard.Access;

/// <summary>Authenticates and authorises callers. Thread-safe.</summary>
internal sealed class Gate(DashboardOptions options, OidcTokens? oidc, TimeProvider time)
{
    public const string CsrfHeader = "X-Sweep-Csrf";

    private readonly Secrets _secrets = new(options.Token, options.ReaderToken);
    private readonly string _openCsrf = Secrets.Random();
    private SessionCookie? _sessions;

    public LoginLimiter Limiter { get; } = new(time);

    /// <summary>To be called once the server listens and the port is known.</summary>
    public void Listens(int port) => _sessions = new SessionCookie(SessionCookie.NewKey(), port, time);

    /// <summary>Whether no token is needed.</summary>
    public bool IsOpen => options.IsOpen;

    private SessionCookie Sessions => _sessions ?? throw new InvalidOperationException("the server doesn't listen yet");

    /// <summary>The caller; with the role none if anonymous.</summary>
    /// <exception cref="ApiException">A token in the header is wrong, or too many of this client are pending.</exception>
    public async Task<Caller> CallerAsync(HttpContext context)
    {
        if (options.IsOpen)
            return new Caller(Role.Operator, _openCsrf, ByHeader: false);
        string header = context.Request.Headers.Authorization.ToString();
        if (header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
        {
            (Role role, _) = await AuthenticateAsync(context, header["Bearer ".Length..].Trim());
            return new Caller(role, "", ByHeader: true);
        }

        return Sessions.Read(context.Request.Cookies[Sessions.Name]) is { } session
            ? new Caller(session.Role, session.Csrf, ByHeader: false)
            : new Caller(Role.None, "", ByHeader: false);
    }

    /// <summary>The client whose requests are counted together: a session, or everything anonymous from an address.</summary>
    public string ClientOf(HttpContext context) =>
        Sessions.Read(context.Request.Cookies[Sessions.Name])?.Csrf ?? ClientAddress.Key(context.Connection.RemoteIpAddress);

    /// <summary>Starts a session for a valid token.</summary>
    /// <exception cref="ApiException">The token is wrong, or too many of this client are pending.</exception>
    public async Task<Caller> LogInAsync(HttpContext context, string token)
    {
        (Role role, DateTimeOffset? ends) = await AuthenticateAsync(context, token);
        (string value, DateTimeOffset end) = Sessions.Issue(role, ends);
        context.Response.Cookies.Append(Sessions.Name, value, Cookie(context, end));
        return new Caller(role, Sessions.Read(value)?.Csrf ?? "", ByHeader: false);
    }

    public void LogOut(HttpContext context)
    {
        Sessions.LogOut(context.Request.Cookies[Sessions.Name]);
        context.Response.Cookies.Delete(Sessions.Name, Cookie(context, null));
    }

    /// <summary>Checks that a caller may change state.</summary>
    /// <exception cref="ApiException">Not an operator, or the CSRF token is missing.</exception>
    public static void RequireOperator(HttpContext context, Caller caller)
    {
        Require(caller, Role.Operator);
        if (!caller.ByHeader && !Secrets.Same(context.Request.Headers[CsrfHeader].ToString(), caller.Csrf))
            throw new ApiException(StatusCodes.Status403Forbidden, $"the header {CsrfHeader} is missing or stale; allowed: csrf of GET /api/session");
    }

    /// <exception cref="ApiException">The caller's role isn't sufficient.</exception>
    public static void Require(Caller caller, Role role)
    {
        if (caller.Role == Role.None)
            throw new ApiException(StatusCodes.Status401Unauthorized, "not logged in; allowed: POST /api/login with a token, or Authorization: Bearer TOKEN");
        if (caller.Role < role)
            throw new ApiException(StatusCodes.Status403Forbidden, $"role: {Word(caller.Role)}; allowed: {Word(role)}");
    }

    public static string? Word(Role role) => role switch
    {
        Role.Reader => "reader",
        Role.Operator => "operator",
        _ => null,
    };

    private async Task<(Role Role, DateTimeOffset? Ends)> AuthenticateAsync(HttpContext context, string token)
    {
        IPAddress? client = context.Connection.RemoteIpAddress;
        if (!await Limiter.WaitAsync(client, context.RequestAborted))
        {
            context.Response.Headers.RetryAfter = ((int)Math.Ceiling(LoginLimiter.MaxDelay.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
            throw new ApiException(
                StatusCodes.Status429TooManyRequests,
                $"too many token checks pending for this address; allowed: {LoginLimiter.MaxWaiting} at a time after wrong tokens");
        }

        Role role = _secrets.RoleOf(token);
        DateTimeOffset? ends = null;
        if (role == Role.None && oidc is not null)
            (role, ends) = await oidc.RoleOfAsync(token, context.RequestAborted);
        if (role != Role.None)
            return (role, ends);
        Limiter.Failed(client, token);
        throw new ApiException(StatusCodes.Status401Unauthorized, "the token is wrong or no longer valid; allowed: one of the running server");
    }

    private static CookieOptions Cookie(HttpContext context, DateTimeOffset? ends) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Strict,

        // Set by a proxy that terminates TLS; forging it only withholds the sender's own cookie.
        Secure = context.Request.IsHttps || context.Request.Headers["X-Forwarded-Proto"] == "https",
        Path = "/",
        Expires = ends,
        IsEssential = true,
    };
}
